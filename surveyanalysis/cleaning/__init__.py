"""Cleaning by a written recipe: every change is in the ledger, and the raw file stays as it was."""
