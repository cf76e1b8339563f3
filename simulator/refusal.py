"""Every refusal as one ordered table: rule → wire code, Chinese for the wire, English for the journal.

The rows are data: ``refusals.toml``. What is wrong with the outer form of a message stands in ``wire.errors`` and comes
before all of them.
"""

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from schemas.amount import to_text
from simulator.domain.refused import Refusal
from simulator.wire.errors import WireError


@dataclass(frozen=True, slots=True)
class Wording:
    """How a refusal is told: ``code`` for sealed frames, ``zh`` on the wire, ``en`` in the journal."""

    code: int
    zh: str
    en: str
    way_zh: str = ""
    way_en: str = ""
    """The way out where the text does not tell it; for the journal, never on the wire."""

    def journalled(self) -> dict[str, str | int]:
        """As the journal keeps it: the code, both texts, and the way out when there is one to tell."""
        way = {"way_zh": self.way_zh, "way_en": self.way_en} if self.way_zh else {}
        return {"code": self.code, "zh": self.zh, "en": self.en, **way}


TABLE: Final[dict[str, Wording]] = {
    rule: Wording(**row)
    for rule, row in tomllib.loads(Path(__file__).with_name("refusals.toml").read_text(encoding="utf-8")).items()
}
_WIRE_CODE: Final = 400


def wording(rejection: Refusal | WireError) -> Wording:
    """The texts of a refusal, naming its field; amounts in fen are printed as yuan."""
    if isinstance(rejection, WireError):
        return Wording(_WIRE_CODE, rejection.message, rejection.message_en)
    row = TABLE[rejection.rule]
    values = {
        name: to_text(value) if name.endswith("fen") and isinstance(value, int) else value
        for name, value in rejection.values.items()
    }
    zh, en = row.zh.format(**values), row.en.format(**values)
    if rejection.field and rejection.field not in zh:
        zh, en = f"{zh}〔字段 {rejection.field}〕", f"{en} [field {rejection.field}]"
    return replace(row, zh=zh, en=en)
