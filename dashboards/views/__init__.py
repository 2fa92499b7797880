"""Pages: each file is one entry of the router. Must not: hold SQL or words."""
