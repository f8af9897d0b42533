"""Measures speed as ratios within one run, so that the machine's own speed cancels out."""
