"""The contract as data: schemas, dictionaries, examples and golden vectors, and the few doors that read them.

Imports nothing of ours; everything else may import it.
"""
