"""Benchmarks: ratios printed in one run, never a timed test.

Belongs here: synthetic books of any size and what is measured on them. Must not: assertions on seconds.
"""
