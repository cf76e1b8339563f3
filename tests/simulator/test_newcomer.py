"""One more interface with behaviour is three new files: a schema, a handler, a requirement. Nothing else is touched."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from schemas import jsontext, loader

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("schemas", "simulator", "conformance")
PROBE = ("__init__.py", "simulator/__init__.py", "simulator/shop.py", "simulator/newcomer.py")

STEM = "sign_in_count_9003"
FIELD = {"type": "string", "minLength": 1, "maxLength": 20}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": f"{loader.BASE}/session/{STEM}.json",
    "title": "签到计数", "x-title-en": "Count the askings", "x-read": "hand",
    "x-interface": {
        "code": "9003", "family": "session", "surface": "institution", "path": "/fsi/api/rsfComIfsService/callService",
        "sender": "institution", "receiver": "platform", "stateful": True, "changes_state": True, "source": "house",
        "confidence": "A", "since": "national-2021",
    },
    "$defs": {
        direction: {
            "type": "object", "required": ["data"], "properties": {
                "data": {
                    "title": "数据", "x-title-en": "data", "type": "object", "required": [name],
                    "properties": {name: {"title": title, "x-title-en": english, **FIELD}},
                },
            },
        }
        for direction, name, title, english in (
            ("input", "opter_no", "操作员编号", "operator number"), ("output", "cnt", "次数", "count"),
        )
    },
}  # fmt: skip
HANDLER = '''"""9003: how often was this asked."""

from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    return {"data": {"cnt": str(unit.next_number(f"asked/{call.org_codg}"))}}
'''
REQUIREMENT = """
[asks-who-is-signed-in]
zh = "渠道按接口规范发送9003。"
en = "The channel sends 9003 as the interface says."
level = "should"
impact = "hygiene"
source = "house"
scenarios = ["counter-sale"]
probe = "traffic.never_refused"
params = { codes = ["9003"], rules = ["schema_miss"] }
observations = 1
"""
NEW = {
    f"schemas/session/{STEM}.json": jsontext.pretty(SCHEMA),
    f"simulator/interfaces/session/{STEM}.py": HANDLER,
    "conformance/requirements/session/asking.toml": REQUIREMENT,
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages as they are, elsewhere."""
    for package in COPIED:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in PROBE:
        (tmp_path / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests" / name)
    return tmp_path


@pytest.mark.slow
def test_three_new_files_are_one_more_interface(copy: Path) -> None:
    assert not any((copy / name).exists() for name in NEW)
    for name, text in NEW.items():
        (copy / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "tests.simulator.newcomer"]
    done = subprocess.run(command, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    told = jsontext.parse(done.stdout)
    assert isinstance(told, dict) and Path(told["from"]).samefile(copy)
    assert told["stateful"] is True and told["counts"] == ["1", "2"]
    assert "9001" in told["unsigned"] and "opter_no" in told["wrong"] and "msgid" in told["used"]
    assert "Count the askings" in told["operation"] and len(told["pages"]) == 1
    assert told["findings"] == ["Held", "Broken", "Held", "Held", "Held"] and told["loose"] == []
