"""House rules checked over the code."""
