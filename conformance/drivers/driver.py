"""What a driver is: a question in, an answer out. And how one fails: never silently, never as the channel's fault."""

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

Answer: TypeAlias = dict[str, Any]


class DriverFault(Exception):
    """The adapter, not the channel's business, went wrong: it hangs, died, or speaks something else.

    ``zh`` and ``en`` say what happened; ``remedy_zh`` and ``remedy_en`` what to do about it.
    """

    def __init__(self, *, zh: str, en: str, remedy_zh: str, remedy_en: str) -> None:
        super().__init__(f"{en} → {remedy_en}")
        self.zh = zh
        self.en = en
        self.remedy_zh = remedy_zh
        self.remedy_en = remedy_en


class Driver(Protocol):
    """Reaches one channel."""

    def ask(self, verb: str, body: Mapping[str, Any]) -> Answer:
        """One exchange of the contract. Raises ``DriverFault``."""
        ...

    def close(self) -> None:
        """Let the channel go; may be called twice."""
        ...


def crashed(point: str) -> Answer:
    """What a driver answers for a verb in the middle of which the channel died as it was told to."""
    return {
        "unable": {"reason_zh": f"渠道按要求在 {point} 处中断，已从持久记录重启", "reason_en": f"crashed at {point}"}
    }
