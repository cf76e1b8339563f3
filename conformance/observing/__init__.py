"""Judging a channel that the suite did not drive: its vendor's tests made the traffic, or a trace was handed in.

``record`` makes evidence of a journal and what the books add to it; ``room`` reads them from a simulator that runs,
``trace`` from files; ``judging`` draws the verdict and writes the bundle. Nothing here asks the channel anything.
"""
