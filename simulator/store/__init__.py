"""Where rooms live: records, ledger, counters and journal lines in one SQLite file, written by one process."""
