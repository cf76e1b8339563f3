"""One handler per interface: ``<family>/<stem>.py`` with a function ``handle(call, unit)``, named like its schema."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from simulator.exchange import Handler


@cache
def handlers() -> Mapping[str, Handler]:
    """Every handler by ``family/stem``, found by walking the folders: no central list to edit."""
    found: dict[str, Handler] = {}
    for family in iter_modules(__path__):
        if family.ispkg:
            package = import_module(f"{__name__}.{family.name}")
            for module in iter_modules(package.__path__):
                handler = getattr(import_module(f"{package.__name__}.{module.name}"), "handle", None)
                if handler is not None:
                    found[f"{family.name}/{module.name}"] = handler
    return found
