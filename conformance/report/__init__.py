"""What remains of a run: results for machines, a page for people, and the three books beside them.

Everything is made from the verdict and the record; nothing is fetched from a network when it is read.
"""
