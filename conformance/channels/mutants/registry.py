"""Finds every mutant: whatever module of this package holds one, by its name."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from conformance.channels import mutants as package
from conformance.channels.mutants.mutant import Mutant

__all__ = ["Mutant", "mutants"]


@cache
def mutants() -> Mapping[str, Mutant]:
    """Name → mutant, by name. Two of one name are our own mistake."""
    found: dict[str, Mutant] = {}
    for module in iter_modules(package.__path__):
        if module.name in ("__main__", "registry"):
            continue
        for value in vars(import_module(f"{package.__name__}.{module.name}")).values():
            if isinstance(value, Mutant):
                assert found.setdefault(value.name, value) is value, f"two mutants are called {value.name}"
    return MappingProxyType(dict(sorted(found.items())))
