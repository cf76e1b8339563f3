"""1901: a code list, from the very files that requests are checked against."""

from schemas.loader import dictionaries, dictionary
from simulator.domain.baskets import text
from simulator.domain.date_range import moment
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Json

ROOT = "0"
"""``parentValue`` of an entry of a list without levels (house)."""
VALID = "1"
MAKER, MADE_ON, VERSION = "platform", "2021-12-30", "1"
"""House: who made a list and when is not published; the date is that of the national baseline."""


def handle(call: Call, unit: Unit) -> Json:
    """The entries in order of code. Our lists have one level and hold only what is valid, for every area and date."""
    asked = call.node("data")
    moment(unit, asked, "date")
    codes = dictionary(_named(text(asked, "type")))
    parent = text(asked, "parent_value") or text(asked, "parentValue") or ROOT
    valid = text(asked, "Vali_Flag") or text(asked, "valiFlag")
    if parent != ROOT or valid != VALID:
        return {"list": []}
    return {
        "list": [
            {
                "type": text(asked, "type"), "label": label[:50], "value": code, "parentValue": ROOT,
                "sort": str(place), "valiFlag": VALID, "createUser": MAKER, "createDate": MADE_ON, "version": VERSION,
            }
            for place, (code, label) in enumerate(codes.items(), 1)
        ]
    }  # fmt: skip


def _named(wanted: str) -> str:
    """The list meant by a name in any case, with or without underscores: MED_TYPE, med_type, feeType, FEE_TYPE.

    Raises:
        Refusal: ``unknown_dictionary``.
    """
    known = dictionaries()
    for plain in (str, str.lower, _letters):
        for name in sorted(known):
            if plain(name) == plain(wanted):
                return name
    raise Refusal("unknown_dictionary", "type", value=wanted)


def _letters(name: str) -> str:
    return name.lower().replace("_", "")
