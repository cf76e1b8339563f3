"""The controls by name."""

from collections.abc import Mapping
from typing import Final

from conformance.channels.controls.driving import Kind
from conformance.channels.controls.eager.shop import EAGER
from conformance.channels.controls.terse.shop import TERSE

CONTROLS: Final[Mapping[str, Kind]] = {"eager": EAGER, "terse": TERSE}
