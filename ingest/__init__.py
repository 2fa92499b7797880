"""Ingest: from a source's files to typed, immutable, explained rows.

Belongs here: the canonical contract, settings and paths, file formats, source profiles, the payment-terms grammar,
landing, quarantine, the front door and the demo company. Must not: dagster, streamlit, or any mart logic.
"""
