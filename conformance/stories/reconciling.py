"""Stories of a pharmacy's day compared with the platform's books."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import counter
from conformance.stories.stage import HOUR_MS, Stage

Json = Mapping[str, Any]


def sell_and_compare(stage: Stage, params: Json) -> None:
    """A sale with whatever faults are armed; when the channel is at rest, the day is compared."""
    counter.sell(stage, params)
    _compare(stage)


def find_overtaken(stage: Stage, params: Json) -> None:
    """A sale that arrives after its reversal was refused; then the day is compared."""
    counter.sell_overtaken(stage, params)
    _compare(stage)


def cancel_and_compare(stage: Stage, params: Json) -> None:
    """A sale and its cancellation, then the day is compared."""
    counter.sell_and_cancel(stage, params)
    _compare(stage)


def cancel_after_midnight(stage: Stage, params: Json) -> None:
    """Sold on one day and taken back on the next; each day is compared by itself."""
    counter.sell(stage, params)
    first = _today(stage)
    stage.advance(HOUR_MS)
    stage.perform("counter_cancel", "C1")
    _compare(stage, first)
    _compare(stage)


def _compare(stage: Stage, day: str = "") -> None:
    org = stage.facts["orders"]["C1"]["org"]
    stage.ask("perform", {"task": "reconcile", "org": org, "day": day or _today(stage)})


def _today(stage: Stage) -> str:
    return str(stage.control.call("GET", "/clock")["now"])[:10]
