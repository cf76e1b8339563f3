"""What a run leaves behind for the auditor: the plan, the three books in short, the traffic, the generator's health.

The journal is counted line by line as it is read and not kept: a big day has some hundred thousand lines. Everything
else is kept whole enough to be audited again from ``books.json`` (``yibao-load audit``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loadtests.arrivals import Planned
from loadtests.load_profile import Limits, ProfileError

Json = Mapping[str, Any]
FORMAT = "2"
COMPRESSED, PACED = "compressed", "paced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the generator itself fared. Times are real milliseconds."""

    mode: str = COMPRESSED
    spent_ms: int = 0
    calls: int = 0
    failures: tuple[str, ...] = ()
    """What went wrong on our own side, in words; at most a few are kept."""
    failed: int = 0
    """How often something went wrong on our own side."""
    late: int = 0
    worst_late_ms: int = 0
    stopped_early: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """The journal in numbers."""

    calls: int = 0
    """Messages of channels to the platform, those to the cash desk included."""
    by_code: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    """Refusals by rule."""
    struck: Mapping[str, int] = field(default_factory=dict)
    """Messages under a fault, by its name: a notice that comes twice is two."""
    notices: int = 0
    """Deliveries of notices, repeats included."""
    errors: int = 0
    """Exchanges the platform failed on its own account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """One run, as the auditor reads it. Rows are plain JSON, amounts integer fen."""

    run: Json
    limits: Limits
    asked: Sequence[Json]
    """The plan."""
    begun: frozenset[str]
    """Orders the generator began."""
    counted: frozenset[str]
    """Orders counted as a success: the channel told its user that they are paid."""
    beliefs: Sequence[Json]
    transfers: Sequence[Json]
    accounts: Mapping[str, int]
    orders: Sequence[Json]
    cash: Sequence[Json]
    notices: Sequence[Json]
    statements: Sequence[Json]
    """Pharmacies' days compared with the platform's books; ``final``: at rest, when they have to agree."""
    series: Sequence[Json]
    """What happened when; see ``series``."""
    codes: Sequence[Json]
    """What became of each kind of call."""
    troubles: Mapping[str, int]
    """Calls without a usable answer, as the channels saw them."""
    traffic: Traffic
    health: Health


_ORDER = (
    "pay_ord_id",
    "psn_no",
    "org_codg",
    "med_org_ord",
    "ord_stas",
    "setl_type",
    "setl_id",
    "placed_ms",
    "paid_ms",
    "reason",
)
_NOTICE = ("notice_id", "pay_ord_id", "code", "state", "tries")
_CASH = ("out_trade_no", "pay_ord_id", "state", "cash_fen", "freight_fen", "refunds")


def short_order(row: Json) -> dict[str, Any]:
    """A payment order as it is kept here: who, where, its state, and its split in fen."""
    split = row.get("split")
    kept = {name: row[name] for name in _ORDER}
    if split:
        aid_fen = sum(int(share["fen"]) for share in split["aid"])
        kept["split"] = {
            "medfee_fen": split["medfee_fen"], "account_fen": int(split["own_fen"]) + aid_fen,
            "fund_fen": split["fund_fen"], "cash_fen": split["cash_fen"],
        }  # fmt: skip
    return kept


def short_notice(row: Json) -> dict[str, Any]:
    """A notice without its text."""
    return {name: row[name] for name in _NOTICE}


def short_cash(row: Json) -> dict[str, Any]:
    """A row of the cash desk's book."""
    return {name: row[name] for name in _CASH}


def asked_row(planned: Planned) -> dict[str, Any]:
    """A row of the plan as it is kept here."""
    return {
        "number": planned.number, "at_ms": planned.at_ms, "psn_no": planned.psn_no, "org": planned.org,
        "lines": [{"med_list_codg": line.med_list_codg, "cnt": line.cnt, "pric": line.pric} for line in planned.lines],
        "delivery_fen": planned.delivery_fen, "packing_fen": planned.packing_fen,
        "acct_used_flag": planned.acct_used_flag, "undo": planned.undo, "channel": planned.channel,
    }  # fmt: skip


def count_traffic(lines: Iterable[Json]) -> Traffic:
    """The journal in numbers; lines are dropped as they are read."""
    codes: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    struck: Counter[str] = Counter()
    calls = notices = errors = 0
    for line in lines:
        incoming, outgoing = line["direction"] == "in", line["direction"] == "out"
        calls, notices, errors = calls + incoming, notices + outgoing, errors + bool(line.get("error"))
        if incoming or outgoing:
            codes[str(line["code"] or "?")] += 1
        if line.get("refusal"):
            refused[str(line["refusal"].get("rule", "?"))] += 1
        if line.get("fault"):
            struck[str(line["fault"].get("name", "?"))] += 1
    return Traffic(
        calls=calls, by_code=dict(sorted(codes.items())), refused=dict(sorted(refused.items())),
        struck=dict(sorted(struck.items())), notices=notices, errors=errors,
    )  # fmt: skip


def to_document(books: Books) -> dict[str, Any]:
    """The content of ``books.json``."""
    whole = {name: getattr(books, name) for name in Books.__dataclass_fields__}
    return {"format": FORMAT, **whole, "begun": sorted(books.begun), "counted": sorted(books.counted)}


def read(document: object) -> Books:
    """Books as ``to_document`` wrote them.

    Raises:
        ProfileError: it is no such document.
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ProfileError("不是本工具写出的 books.json（format 2）", "not a books.json of this tool (format 2)")
    try:
        kept = {name: document[name] for name in Books.__dataclass_fields__}
        kept |= {"begun": frozenset(kept["begun"]), "counted": frozenset(kept["counted"])}
        health = {**kept["health"], "failures": tuple(kept["health"]["failures"])}
        return Books(
            **{
                **kept,
                "limits": Limits(**kept["limits"]),
                "traffic": Traffic(**kept["traffic"]),
                "health": Health(**health),
            }
        )
    except (KeyError, TypeError) as fault:
        raise ProfileError(f"books.json 不完整：{fault}", f"books.json is not whole: {fault}") from None
