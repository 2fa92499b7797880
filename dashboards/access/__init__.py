"""Who is reading, what that role may see, and the record of it.

Belongs here: roles, sign-in, the audit log. Must not: SQL (data/visible.py turns a restriction into it), pages.
"""
