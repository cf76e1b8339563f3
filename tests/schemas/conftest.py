"""The reference implementation of JSON Schema, with every schema file of ours under its own ``$id``."""

import pytest
from referencing import Registry, Resource

from schemas import jsontext, loader


@pytest.fixture(scope="session")
def registry() -> Registry:
    """Resolved by the reference implementation, not by ours."""
    files = [*loader.ROOT.glob("dictionaries/*.json"), *(one.file for one in loader.interfaces().values())]
    resources = [Resource.from_contents(jsontext.parse(path.read_bytes())) for path in files]
    return Registry().with_resources((one.id(), one) for one in resources)
