"""The second opinion: what a basket costs, how insurance splits it, and what the books say was really taken.

It shares no code with the platform: amounts are worked out from the catalogue's facts with ``Decimal``, truth is read
from the ledger's postings. Where it disagrees with the platform, the fault is ours
and no channel is blamed (``audit``).
"""
