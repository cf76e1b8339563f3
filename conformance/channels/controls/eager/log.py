"""An append-only log. A line says what became known about an order; the facts of an order are its lines, later over
earlier."""

import sqlite3
from collections import Counter
from typing import Any, cast

from conformance.channels.controls.wire import Json
from schemas import jsontext

_TABLE = (
    "CREATE TABLE IF NOT EXISTS line (no INTEGER PRIMARY KEY AUTOINCREMENT, about TEXT NOT NULL, doc BLOB NOT NULL)"
)
_FORGET, _COUNT = "!forget", "#"


class Log:
    """Lines on disk, their sum in memory: read once, when the process starts."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute(_TABLE)
        self._facts: dict[str, Json] = {}
        self._counted: Counter[str] = Counter()
        for about, doc in connection.execute("SELECT about, doc FROM line ORDER BY no"):
            self._add(about, cast("Json", jsontext.own(doc)))

    def note(self, about: str, **facts: Any) -> Json:
        """Write down what became known; the facts as they now are."""
        self._connection.execute("INSERT INTO line (about, doc) VALUES (?, ?)", (about, jsontext.compact(facts)))
        self._add(about, facts)
        return self.facts(about)

    def facts(self, about: str) -> Json:
        """What is known; empty when nothing is."""
        return dict(self._facts.get(about, {}))

    def orders(self) -> list[str]:
        """Names of all orders."""
        return sorted(name for name, facts in self._facts.items() if "rail" in facts)

    def next_number(self, name: str) -> int:
        """1, 2, 3 … per name, a line each."""
        self.note(f"{_COUNT}{name}")
        return self._counted[name]

    def forget(self) -> None:
        """From here on the orders before count no more."""
        self.note(_FORGET)

    def _add(self, about: str, facts: Json) -> None:
        if about == _FORGET:
            self._facts.clear()
        elif about.startswith(_COUNT):
            self._counted[about[1:]] += 1
        else:
            self._facts.setdefault(about, {}).update(facts)
