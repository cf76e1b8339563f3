"""What the house asks of itself: sizes, names, bans, doors, imports, documents.

`sources` reads the files, `checks` are pure functions from a source to findings,
and each `test_*` module says why its rule exists and which way leads out.
"""
