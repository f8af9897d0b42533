"""The people the outside systems know: hand-made persons for every branch, and a seeded crowd."""
