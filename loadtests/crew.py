"""Several generators at once under Locust's master: how the day is divided, and what all of them together say.

Each worker plays its share of the orders in a room of its own and audits it; the master adds up, and the worst decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from loadtests.arrivals import apportion
from loadtests.judgement import OK, OWN_ERROR, VIOLATIONS, VOID, WORDS, bound

ENDED = "yibao-load-ended"
"""The message by which a worker tells the master how its share ended."""
WORST_FIRST = (OWN_ERROR, VIOLATIONS, VOID, OK)


def share(orders: int, index: int, count: int) -> int:
    """How many of the orders the worker at ``index`` of ``count`` plays; all shares add up, none is empty of need."""
    return apportion(orders, [1] * count)[index % count]


def told(exit_code: int, orders: Mapping[str, int], violations: int, text: str) -> dict[str, Any]:
    """What a worker says at its end."""
    return {"exit_code": exit_code, "orders": dict(orders), "violations": violations, "text": text}


@dataclass(slots=True)
class Crew:
    """The workers of one run, as the master knows them."""

    count: int
    ended: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def hear(self, worker: str, said: Mapping[str, Any]) -> bool:
        """A worker ended; whether it was the last one awaited."""
        self.ended[worker] = said
        return len(self.ended) >= self.count

    @property
    def exit_code(self) -> int:
        """The worst of all; void while somebody has not reported."""
        codes = {int(said["exit_code"]) for said in self.ended.values()}
        if len(self.ended) < self.count:
            codes.add(VOID)
        return next(code for code in WORST_FIRST if code in codes or code == OK)

    def results(self) -> dict[str, Any]:
        """The content of the master's ``results.json``; its orders, violations and exit code as in a worker's."""
        zh, en = WORDS.get(self.exit_code, ("本工具出错", "our own error"))
        orders = {name: self._sum(name) for name in ("asked", "begun", "counted")}
        violations = sum(int(said["violations"]) for said in self.ended.values())
        return {
            "format": "1", "exit_code": self.exit_code, "outcome": {"zh": zh, "en": en}, "orders": orders,
            "violations": violations, "bound_95": bound(orders["begun"]) if not violations else "",
            "workers": {"awaited": self.count, "reported": len(self.ended)},
        }  # fmt: skip

    def text(self) -> str:
        """What all of them together say, for people."""
        whole = self.results()
        orders, workers = whole["orders"], whole["workers"]
        lines = [f"—— {worker}\n{said['text']}" for worker, said in sorted(self.ended.items())]
        lines.append(f"合计 together: {workers['reported']}/{workers['awaited']} 个发压进程 workers reported")
        lines.append(f"结果 outcome: {whole['outcome']['zh']} {whole['outcome']['en']}")
        counts = f"计划 planned {orders['asked']}, 已下 placed {orders['begun']}, 成功 paid {orders['counted']}"
        lines.append(f"订单 orders: {counts}; 违规 violations {whole['violations']}; 95% {whole['bound_95'] or '-'}")
        return "\n".join(lines) + "\n"

    def _sum(self, name: str) -> int:
        return sum(int(said["orders"][name]) for said in self.ended.values())
