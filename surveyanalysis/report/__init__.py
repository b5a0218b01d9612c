"""A study's exhibits as one self-contained page, with its tables and figures beside it."""
