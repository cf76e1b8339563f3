"""Faults at the commit point: rows of data, armed through the control API, applied by the platform alone."""
