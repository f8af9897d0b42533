"""Tests of what is common to all issuers."""
