"""The counter rail."""
