"""Tests of login to the portal."""
