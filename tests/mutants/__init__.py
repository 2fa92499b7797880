"""Mutants: one-line mistakes in SQL and Python, each of which a named test must notice.

Belongs here: the list of mistakes, and the runner that tries them one by one. Must not: tests of the product; a mistake
that no test notices gets a new test where its subject is tested.

`python -m tests.mutants`, or `make mutants`. See docs/testing.md.
"""
