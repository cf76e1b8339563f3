"""A saved bundle, read back. Nothing here is checked against the certificate: that is ``verifying``."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.bundle.parts import EVIDENCE, RESULTS
from conformance.evidence import Evidence
from conformance.verdict import DRIVEN
from schemas import jsontext, loader
from schemas.tomlfile import FileFault

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a verdict can be drawn from again, and the one that was printed."""

    results: Json
    evidence: Mapping[str, Evidence]

    @property
    def made_by(self) -> str:
        """Class: who made the traffic."""
        return str(self.results.get("class", DRIVEN))


def saved(directory: Path) -> Saved:
    """The results and the evidence.

    Raises:
        FileFault: no bundle, or a part of it is not what its schema says.
    """
    results = _document(directory / RESULTS, "results", _bytes(directory / RESULTS))
    lines = _bytes(directory / EVIDENCE).splitlines()
    records = [_document(directory / EVIDENCE, "evidence", line) for line in lines]
    return Saved(results=results, evidence={record["scenario"]: Evidence(record) for record in records})


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise FileFault(
            f"{path}: {fault.strerror}; give the directory that --report wrote 请给出--report写出的目录"
        ) from None


def _document(path: Path, schema: str, raw: bytes) -> Json:
    try:
        document = jsontext.parse(raw)
    except jsontext.JsonError as fault:
        raise FileFault(f"{path.name}: {fault}; run yibao-certify verify first 请先运行verify") from None
    misses = loader.document(f"suite/{schema}.json").check(document)
    if misses or not isinstance(document, Mapping):
        raise FileFault(f"{path.name}: {misses[0].path}: {misses[0].en}")
    return document
