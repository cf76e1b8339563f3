"""Goods in and out: what a pharmacy reports, and what it may look up of it."""
