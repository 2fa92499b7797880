"""Parts of the pages. A page reads filters, asks `data`, and hands rows to `ui`; its larger parts live here."""
