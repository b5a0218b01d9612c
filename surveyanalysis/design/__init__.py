"""How people came to answer, and what that does to the precision of every number."""
