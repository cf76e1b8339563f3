"""Tests of the contract: interfaces, dictionaries, examples, the loader and the generator."""
