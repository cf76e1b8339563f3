"""A driver that believes no answer before the contract's schema does."""

from collections.abc import Mapping
from typing import Any

from conformance.drivers.contract import CONTRACT
from conformance.drivers.driver import Answer, Driver, DriverFault
from schemas.loader import document


class Validated:
    """Wraps a driver; every exchange is held against ``schemas/suite/driver.json``."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def ask(self, verb: str, body: Mapping[str, Any]) -> Answer:
        """As the driver answers. Raises ``DriverFault`` for an answer that breaks the contract."""
        answer = self._driver.ask(verb, body)
        misses = document(CONTRACT).check({"verb": verb, "body": dict(body), "answer": answer})
        if misses:
            worst = misses[0]
            raise DriverFault(
                zh=f"{verb} 的应答不符合驱动约定：{worst.path} {worst.zh}",
                en=f"the answer to {verb} breaks the driver contract: {worst.path} {worst.en}",
                remedy_zh="按 schemas/suite/driver.json 修正适配器的应答",
                remedy_en="correct the adapter's answer to fit schemas/suite/driver.json",
            )
        return answer

    def close(self) -> None:
        """Close the driver."""
        self._driver.close()
