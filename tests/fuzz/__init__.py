"""Damaged inputs for every reader of delivered files.

Belongs here: seeds, damage and what must hold whatever comes in. Must not: sound files and their figures
(tests/ingest/formats).
"""
