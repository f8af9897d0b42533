"""The kommune's own setup: one dated document, what it says for a year, and the file it is kept in."""
