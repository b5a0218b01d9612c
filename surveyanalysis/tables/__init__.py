"""What is printed: a grid of cells, and its renderers."""
