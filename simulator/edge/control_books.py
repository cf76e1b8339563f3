"""Verbs of the control API for reading: journal, ledger, records, all books at once, posted runs, health."""

from dataclasses import fields
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from schemas import jsontext
from schemas.loader import interfaces
from simulator import cities, switchboard
from simulator.domain import ledger
from simulator.domain.cash import CashOrder
from simulator.domain.goods import Goods
from simulator.domain.mappings import ListedDrug
from simulator.domain.moment import datetime19
from simulator.domain.notice_record import Notice
from simulator.domain.order_record import Order
from simulator.domain.records import Drug, Institution, Person
from simulator.domain.settlement_record import Settlement
from simulator.domain.trace_uses import TraceAlert, TraceUse
from simulator.edge.asking import Ask, Raw, Verb, route
from simulator.exchange import Json
from simulator.faults.kinds import KINDS
from simulator.misuse import Misuse

DISTRIBUTION = "yibao-channel-lab"
_ALL = 10**9
_PAGE = 1_000
_MAX_RUN_BYTES = 512 * 1024


def journal(ask: Ask) -> Raw:
    """Lines after ``after``, at most ``limit``; ``last`` is where to go on, ``first`` the oldest that is kept."""
    store, after, limit = ask.platform.store, ask.number("after", 0, _ALL), ask.number("limit", _PAGE, 10_000)
    rows = list(store.numbered(ask.room, after, limit))
    last, first = rows[-1][0] if rows else after, store.first_seq(ask.room)
    return Raw(b'{"lines":[' + b",".join(line for _, line in rows) + b'],"last":%d,"first":%d}' % (last, first))


def books_ledger(ask: Ask) -> Json:
    """Balances by account and every transfer, in fen."""
    store, room = ask.platform.store, ask.room
    return {"accounts": store.accounts(room), "transfers": list(store.transfers(room))}


def people(ask: Ask) -> Json:
    """People with the balance of their own account, in fen."""
    unit = ask.unit()
    found = unit.page(Person, ask.query.get("after", ""), ask.number("limit", _PAGE, 20_000))
    rows = [{**plain_fields(person), "balance_fen": unit.balance(ledger.own(person.psn_no))} for person in found]
    return {"people": rows, "next": found[-1].psn_no if found else ""}


def drugs(ask: Ask) -> Json:
    """Drugs whose code or name holds ``query``; a whole code needs no search, for it is that drug's alone."""
    unit, wanted, limit = ask.unit(), ask.query.get("query", ""), ask.number("limit", 50, 1_000)
    if exact := unit.get(Drug, wanted):
        return {"drugs": [exact]}
    found: list[Drug] = []
    for drug in unit.every(Drug):
        if wanted in drug.med_list_codg or wanted in drug.reg_name:
            found.append(drug)
            if len(found) == limit:
                break
    return {"drugs": found}


def _records(name: str, kind: type) -> Verb:
    def verb(ask: Ask) -> Json:
        unit = ask.unit()
        found: list[Any] = unit.page(kind, ask.query.get("after", ""), ask.number("limit", _PAGE, 20_000))
        key = unit.store.table(kind).key_of
        return {name: found, "next": key(found[-1]) if found else ""}

    return verb


def books(ask: Ask) -> Raw:
    """Everything a judge reads, of one moment: journal (its lines after ``after``), ledger, orders, settlements, cash,
    notices, goods, codes."""
    unit, store, room = ask.unit(), ask.platform.store, ask.room
    rest: Json = {
        "room": room.name,
        "now": datetime19(unit.now_ms),
        "now_ms": unit.now_ms,
        "journal_first": store.first_seq(room),
        "ledger": books_ledger(ask),
        "orders": list(unit.every(Order)),
        "settlements": list(unit.every(Settlement)),
        "cash": list(unit.every(CashOrder)),
        "notices": list(unit.every(Notice)),
        "goods": list(unit.every(Goods)),
        "traces": list(unit.every(TraceUse)),
        "alerts": list(unit.every(TraceAlert)),
    }
    lines = b",".join(store.lines(room, ask.number("after", 0, _ALL), _ALL))
    return Raw(jsontext.compact(rest)[:-1] + b',"journal":[' + lines + b"]}")


def post_run(ask: Ask) -> Json:
    """Keep what a suite says about one of its runs."""
    doc = jsontext.compact(ask.body)
    if not ask.body or len(doc) > _MAX_RUN_BYTES:
        raise Misuse("body", "运行记录应为非空JSON对象，且不超过512KiB", "a run is a JSON object of at most 512 KiB")
    return {"run": ask.platform.store.add_run(ask.platform.real_ms(), doc)}


def runs(ask: Ask) -> Raw:
    """All runs posted, oldest first."""
    rows = ask.platform.store.runs()
    shown = (b'{"run":%d,"at":"%s","doc":%s}' % (no, datetime19(ms).encode(), doc) for no, ms, doc in rows)
    return Raw(b'{"runs":[' + b",".join(shown) + b"]}")


def health(ask: Ask) -> Json:
    """Whether the platform is there, and what it knows."""
    return {
        "ok": True,
        "version": _version(),
        "now_ms": ask.platform.real_ms(),
        "rooms": ask.platform.store.room_names(),
        "cities": cities.names(),
        "interfaces": sorted(interfaces()),
        "faults": {name: _fault(name) for name in KINDS},
        "switches": switchboard.known(),
    }


def _fault(name: str) -> Json:
    kind = KINDS[name]
    return {"places": list(kind.places), "zh": kind.zh, "en": kind.en, "params": dict(kind.params)}


def _version() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "0"


def plain_fields(record: Any) -> dict[str, Any]:
    """A record as plain JSON fields."""
    return {one.name: getattr(record, one.name) for one in fields(record)}


ROUTES = (
    route("GET", "/control/rooms/{room}/journal", journal),
    route("GET", "/control/rooms/{room}/ledger", books_ledger),
    route("GET", "/control/rooms/{room}/orders", _records("orders", Order)),
    route("GET", "/control/rooms/{room}/settlements", _records("settlements", Settlement)),
    route("GET", "/control/rooms/{room}/cash", _records("cash", CashOrder)),
    route("GET", "/control/rooms/{room}/notices", _records("notices", Notice)),
    route("GET", "/control/rooms/{room}/goods", _records("goods", Goods)),
    route("GET", "/control/rooms/{room}/traces", _records("traces", TraceUse)),
    route("GET", "/control/rooms/{room}/alerts", _records("alerts", TraceAlert)),
    route("GET", "/control/rooms/{room}/mappings", _records("mappings", ListedDrug)),
    route("GET", "/control/rooms/{room}/institutions", _records("institutions", Institution)),
    route("GET", "/control/rooms/{room}/people", people),
    route("GET", "/control/rooms/{room}/drugs", drugs),
    route("GET", "/control/rooms/{room}/books", books),
    route("POST", "/control/runs", post_run),
    route("GET", "/control/runs", runs),
    route("GET", "/control/health", health),
)
