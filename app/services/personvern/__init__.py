"""Privacy: how long answers are kept, what a person may see, and how a person is erased."""
