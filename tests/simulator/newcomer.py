"""What a copy of the packages says of an interface it did not have; run there by ``test_newcomer``."""

import sys
from pathlib import Path
from typing import Any

import simulator
from conformance import catalogue
from conformance.evidence import Evidence
from conformance.scenarios.listing import scenarios
from schemas import jsontext, loader, pages
from simulator.edge import openapi
from tests.simulator.shop import Shop, a_platform

CODE, REQUIREMENT = "9003", "session/asking/asks-who-is-signed-in"


def main() -> None:
    """Print one JSON object."""
    shop = Shop(a_platform(), courier="manual")
    unsigned = shop.institution(CODE, {"data": {"opter_no": "0001"}})
    shop.sign_in()
    wrong = shop.institution(CODE, {"data": {}})
    asked = [shop.institution(CODE, {"data": {"opter_no": "0001"}}) for _ in range(2)]
    used = shop.institution(CODE, {"data": {"opter_no": "0001"}}, msgid=shop.journal()[-1]["msgid"])
    evidence: dict[str, Any] = {"journal": shop.journal()}
    rule = catalogue.requirements()[REQUIREMENT]
    findings = [type(one).__name__ for one in rule.probe(Evidence(evidence), rule.params)]  # type: ignore[misc]  # checked rows have a probe
    told = {
        "from": str(Path(simulator.__file__).parent.parent),
        "unsigned": unsigned["err_msg"], "wrong": wrong["err_msg"], "used": used["err_msg"],
        "counts": [one["output"]["data"]["cnt"] for one in asked], "findings": findings,
        "operation": openapi.document()["paths"][openapi.address(loader.interface(CODE))]["post"]["summary"],
        "pages": [path for path, _ in pages.files() if CODE in path],
        "loose": catalogue.problems(scenarios()),
        "stateful": loader.interface(CODE).stateful,
    }  # fmt: skip
    sys.stdout.buffer.write(jsontext.compact(told))


if __name__ == "__main__":
    main()
