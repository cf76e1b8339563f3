"""The pay centre."""
