"""Worlds: who is insured, which pharmacies there are, what they sell, what lies in the accounts.

``small`` is written by hand, one person per case; ``city`` is drawn from a seed; ``catalogue`` is the list
of drugs that ships with the project, ``importer`` reads an official one. A world is plain data; a room
loads it.
"""
