"""Printed numbers held against computed ones, and which respondents a printed percentage can come from."""
