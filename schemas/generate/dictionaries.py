"""One dictionary as one JSON Schema: ``oneOf`` of code and meaning, sorted by code."""

from collections.abc import Mapping

from schemas.generate.compose import DRAFT
from schemas.generate.corrections import Corrections
from schemas.generate.fields import Json
from schemas.generate.tables import Tables


def schemas(tables: Tables, corrections: Corrections) -> dict[str, Json]:
    """Every dictionary by name: the printed ones with the codes we add, and the ones only we have."""
    names = sorted({*tables.dictionaries, *corrections.dictionaries})
    return {name: _schema(name, tables, corrections) for name in names}


def _schema(name: str, tables: Tables, corrections: Corrections) -> Json:
    ours = corrections.dictionaries.get(name, {})
    added = ours.get("codes", {})
    assert isinstance(added, Mapping)
    codes = {**tables.dictionaries.get(name, {}), **added}
    schema: Json = {
        "$schema": DRAFT,
        "$id": f"{corrections.base}/dictionaries/{name}.json",
        "x-title": ours.get("title") or tables.dictionary_titles[name],
        "x-closed": name in corrections.closed,
    }
    if "source" in ours:
        schema["x-source"] = ours["source"]
    return {**schema, "oneOf": [{"const": code, "title": codes[code]} for code in sorted(codes)]}
