"""Bundles for the tests of what is done with bundles: a sound channel's and a broken one's, made once, on few rules."""

from functools import cache
from pathlib import Path
from typing import Any

from conformance.bundle.certificate import Issue
from conformance.bundle.writing import write
from conformance.report.results import Run
from conformance.suite.session import Order, prepare
from conformance.verdict import Verdict
from schemas import jsontext
from simulator.wire.sm2 import PrivateKey

ISSUED_MS = 1_772_409_600_000
DAY_MS = 86_400_000
ISSUER = PrivateKey.from_seed("TEST issuer of the tests")
RULES = ("unknown/order/ask-before", "unknown/order/in-doubt", "belief/ledger/never-wrong", "amount/bill/total")


@cache
def certified(channel: str = "reference", only: tuple[str, ...] = RULES) -> tuple[Verdict, Run]:
    """Verdict and run of a channel of ours, in process."""
    prepared = prepare(Order(channel=channel, only=only))
    try:
        return prepared.finish(), prepared.run()
    finally:
        prepared.certification.close()


def bundle(directory: Path, channel: str = "reference", **issue: Any) -> Path:
    """A bundle in a directory."""
    verdict, run = certified(channel)
    write(directory, verdict, run, Issue(**{"at_ms": ISSUED_MS, **issue}))
    return directory


def certificate(directory: Path) -> Any:
    """The member ``certificate`` of the file."""
    document: Any = jsontext.parse((directory / "certificate.json").read_bytes())
    return document["certificate"]
