"""Documents that leave the house: the statement of a customer 对账单, receipts after a day 期后回款.

Belongs here: reading what a document says from a published release (read-only), proving it, its words, and rendering
it to bytes. Must not: find a release, write a file, know who asked. It imports no other room and neither dagster nor
streamlit, so that the command line and the dashboard make the same document from the same figures.
"""
