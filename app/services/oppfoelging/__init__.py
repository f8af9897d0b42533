"""Figures that keep themselves current: what an event leads to in every case that follows the person."""
