"""The certifying suite: what drives a channel, what records it, and what judges the record, each in its own place."""
