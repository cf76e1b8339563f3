"""The command ``yibao-certify``, one module for each kind of verb; ``app`` puts them together."""

from conformance.cli.app import main

__all__ = ["main"]
