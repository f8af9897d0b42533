"""Tests of the portal's sessions."""
