"""Tests of what is invoiced."""
