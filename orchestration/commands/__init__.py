"""Commands of `arrears`, one module per kind.

Belongs here: what a command prints and which exit code it returns. Must not: parse arguments (`cli`), or hold
logic that another program might want to call without printing.
"""
