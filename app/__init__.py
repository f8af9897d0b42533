"""Egenandel for kommunale helse- og omsorgstjenester."""
