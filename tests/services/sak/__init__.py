"""Tests of what a sak holds and becomes."""
