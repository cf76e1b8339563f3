"""The first book: what was said on the wire, one redacted line per exchange, written once and never changed."""
