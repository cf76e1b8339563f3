"""One interface, one unit of work: run its handler where its effects can still be undone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from simulator.domain.refused import Refusal
from simulator.exchange import Exchange, Handler, Reply
from simulator.store.unit import RoomUnit


@contextmanager
def effects(unit: RoomUnit) -> Iterator[None]:
    """What happens inside is kept only if it ends well."""
    unit.savepoint()
    try:
        yield
    except BaseException:
        unit.undo()
        raise
    unit.keep()


def handle(exchange: Exchange, unit: RoomUnit, handlers: Mapping[str, Handler]) -> None:
    """Call the handler of the interface.

    Raises:
        Refusal: ``not_stateful`` where the interface has a schema and no handler; whatever the domain refuses.
    """
    assert exchange.schema is not None and exchange.call is not None
    handler = handlers.get(f"{exchange.schema.family}/{exchange.schema.stem}")
    if handler is None:
        raise Refusal("not_stateful", "infno", value=exchange.schema.code)
    answered = handler(exchange.call, unit)
    if isinstance(answered, Reply):
        exchange.output, exchange.message, exchange.refusal = answered.data, answered.message, answered.refusal
        exchange.content, exchange.delay_ms = answered.content, answered.delay_ms
    else:
        exchange.output = answered
