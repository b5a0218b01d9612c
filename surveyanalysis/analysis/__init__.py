"""Verbs: a design and questions in, estimates or a test out."""
