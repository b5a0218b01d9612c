"""Answers that are missing: seen, weighted for, filled many times, and what that does to every number."""
