"""A journal line as people read it in a terminal."""

from collections.abc import Mapping
from typing import Any

from schemas.amount import to_text
from schemas.loader import find

MARKS = {"ok": "✓", "refused": "✗", "error": "!", "silent": "…"}
COLOURS = {"ok": "green", "refused": "yellow", "error": "red", "silent": "magenta"}
ARROWS = {"in": "→", "out": "←", "act": "•"}


def headline(line: Mapping[str, Any]) -> str:
    """Time, number, direction, what it was, whose, and how it ended."""
    code = line.get("code") or "?"
    schema = find(code)
    title = f" {schema.title_zh}" if schema else ""
    whose = " ".join(str(line[name]) for name in ("channel", "org") if line.get(name))
    keys = " ".join(f"{name}={value}" for name, value in line.get("keys", {}).items())
    what = code if line["direction"] != "act" else f"{line['surface']}.{code}"
    mark = MARKS.get(line["outcome"], "?")
    parts = (line["at"][11:], f"#{line['seq']}", ARROWS[line["direction"]], f"{what}{title}", mark, whose, keys)
    return "  ".join(part for part in parts if part)


def details(line: Mapping[str, Any]) -> list[str]:
    """What is worth a line of its own: checks that failed, refusal, fault, our error, notes, money."""
    told = []
    checks = line.get("checks") or []
    if checks:
        told.append("检查 checks: " + " ".join(f"{one['stage']}{'✓' if one['ok'] else '✗'}" for one in checks))
    if refusal := line.get("refusal"):
        where = f"[{refusal['rule']}] " if refusal.get("rule") else ""
        told.append(f"拒绝 refused: {where}{refusal.get('zh', '')} / {refusal.get('en', '')}")
        if refusal.get("way_zh"):
            told.append(f"出路 way out: {refusal['way_zh']} / {refusal['way_en']}")
    else:
        told.extend(
            f"不符 failed: {one['stage']}: {one['note']}" for one in checks if not one["ok"] and one.get("note")
        )
    if fault := line.get("fault"):
        told.append(f"故障 fault: {fault['name']} ({fault['id']}, {fault['place']})")
    if line.get("error"):
        told.append(f"平台自身错误 our own error: {line['error']}")
    if notes := line.get("notes"):
        told.append(f"备注 notes: {'; '.join(notes)}")
    told.extend(f"账 ledger: {_moved(transfer)}" for transfer in line.get("effect") or [])
    return told


def _moved(transfer: Mapping[str, Any]) -> str:
    sides = ", ".join(f"{posting['account']} {_signed(posting['fen'])}" for posting in transfer["postings"])
    return f"{transfer['kind']} {sides}"


def _signed(fen: int) -> str:
    return f"{'+' if fen > 0 else ''}{to_text(fen)}"
