"""What was asked: questions, the file that holds them, and the safe expressions within it."""
