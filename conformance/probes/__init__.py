"""What judges: pure functions from the record of a scenario and a requirement's plain values to findings.

A probe yields ``Held`` each time its rule had an occasion to break and did not, ``Broken`` each time it broke, and
nothing when there was no occasion. It reads the journal, the driver's log, the beliefs and the ledger; it opens no
file, calls nobody and knows no channel. Every public function of these modules is a probe that a requirement may name
as ``module.function``; ``reading`` holds what they share.
"""
