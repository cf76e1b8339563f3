"""The parts of a bundle by name, and the books as the bytes that are written."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from conformance.bundle import chain
from schemas import jsontext

Json = Mapping[str, Any]

CERTIFICATE = "certificate.json"
RESULTS = "results.json"
JUNIT = "junit.xml"
PAGE = "report.html"
TRACE = "trace.jsonl"
LEDGER = "ledger.jsonl"
BELIEFS = "beliefs.jsonl"
EVIDENCE = "evidence.jsonl"
LOAD = "load.json"


def sha256(raw: bytes) -> str:
    """Lower-case hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def books(records: Iterable[Json]) -> dict[str, bytes]:
    """What was said (chained), what is true, what the channel believed; and all of it, scenario by scenario."""
    records = list(records)
    return {
        TRACE: chain.chained(_rows(records, "journal")),
        LEDGER: _lines(_rows(records, "transfers")),
        BELIEFS: _lines(_rows(records, "beliefs")),
        EVIDENCE: _lines(records),
    }


def _rows(records: Iterable[Json], book: str) -> list[Json]:
    return [{"scenario": record["scenario"], **row} for record in records for row in record[book]]


def _lines(documents: Iterable[Json]) -> bytes:
    return b"".join(jsontext.compact(document) + b"\n" for document in documents)
