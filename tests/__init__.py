"""Tests of the project's own code, by area; `tests.house` holds what the house asks of itself."""
