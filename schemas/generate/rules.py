"""Rules between fields (one of two, required when, absent when) as JSON Schema with texts for refusals."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from schemas.generate.fields import Json

Rule: TypeAlias = Mapping[str, Any]

RULE_KEYS = {
    "when",
    "when_present",
    "zh",
    "en",
    "any_of",
    "message_zh",
    "message_en",
    "required",
    "required_in",
    "absent",
    "source",
}


def clause(rule: Rule) -> Json:
    """One entry of ``allOf``; with ``when`` an if/then on a field's code, with ``when_present`` on its presence."""
    if unknown := set(rule) - RULE_KEYS:
        raise ValueError(f"corrections: a rule knows no {', '.join(sorted(unknown))}")
    demand = _demand(rule)
    if "when_present" in rule:
        return {"if": present(rule["when_present"]), "then": demand}
    if "when" not in rule:
        return demand
    return {"if": _condition(rule), "then": demand}


def _condition(rule: Rule) -> Json:
    wanted = rule["when"]
    return {"properties": {wanted["field"]: {"enum": list(wanted["in"])}}, "required": [wanted["field"]]}


def _demand(rule: Rule) -> Json:
    demand: Json = {}
    if "zh" in rule:
        demand |= {"x-when-zh": rule["zh"], "x-when-en": rule["en"]}
    if "any_of" in rule:
        demand |= {"x-message-zh": rule["message_zh"], "x-message-en": rule["message_en"]}
        demand |= {"x-fields": rule["any_of"], "anyOf": [together(group) for group in rule["any_of"]]}
    if "required" in rule:
        demand["required"] = rule["required"]
    if properties := _properties(rule):
        demand["properties"] = properties
    if "source" in rule:
        demand["x-source"] = rule["source"]
    return demand


def _properties(rule: Rule) -> Json:
    required = {name: present_field() for name in rule.get("required", ())}
    absent = {name: {"enum": ["", None]} for name in rule.get("absent", ())}
    lines = {node: {"items": {"required": names}} for node, names in rule.get("required_in", {}).items()}
    return {**required, **absent, **lines}


def present_field() -> Json:
    """There and not empty: neither ``""`` nor ``null``."""
    return {"not": {"enum": ["", None]}}


def together(group: str) -> Json:
    """All fields of a group joined with ``+`` are there and not empty."""
    parts = [present(path) for path in group.split("+")]
    return parts[0] if len(parts) == 1 else {"allOf": parts}


def present(path: str) -> Json:
    """The field at a dotted path is there and not empty; what stands above it must be an object."""
    head, _, rest = path.partition(".")
    if not rest:
        return {"required": [head], "properties": {head: present_field()}}
    return {"required": [head], "properties": {head: {"type": "object", **present(rest)}}}
