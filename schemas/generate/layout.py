"""How the generated files look: indented, what is short on one line, so that a field is a line."""

import json

WIDTH = 240
"""A value that fits into so many characters is not broken."""

INDENT = 2


def text(document: object) -> str:
    """The bytes on disk: Chinese as it is, one newline at the end."""
    return _laid_out(document, 0) + "\n"


def _laid_out(value: object, depth: int) -> str:
    short = json.dumps(value, ensure_ascii=False)
    if len(short) + depth * INDENT <= WIDTH and not _holds_fields(value):
        return short
    if isinstance(value, dict):
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}: {_laid_out(child, depth + 1)}" for key, child in value.items()
        ]
        return _block("{", parts, "}", depth)
    if isinstance(value, list):
        return _block("[", [_laid_out(child, depth + 1) for child in value], "]", depth)
    return short


def _holds_fields(value: object) -> bool:
    """Whether a level of objects below deserves lines of their own: a table of fields, the outermost object."""
    return isinstance(value, dict) and any(isinstance(child, dict) for child in value.values())


def _block(start: str, parts: list[str], end: str, depth: int) -> str:
    if not parts:
        return start + end
    pad, closing = " " * (depth + 1) * INDENT, " " * depth * INDENT
    return f"{start}\n" + ",\n".join(pad + part for part in parts) + f"\n{closing}{end}"
