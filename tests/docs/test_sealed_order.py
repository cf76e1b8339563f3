"""The example that borrows no code of ours speaks the sealed frame well enough for its order to be paid."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.docs.serving import ROOT, SCRIPTS, simulator

SIMULATOR = str(SCRIPTS / "yibao-simulator")
TOKEN = "TEST-ONLY"
RICH = "EC990000000000000001"


@pytest.fixture
def address() -> Iterator[str]:
    with simulator(TOKEN) as found:
        yield found


def run(*words: str, **settings: str) -> str:
    environment = {**os.environ, **settings}
    return subprocess.run(
        words, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=60, check=True
    ).stdout


def test_an_order_sealed_by_hand_is_placed_confirmed_and_found_paid(address: str) -> None:
    told = run(SIMULATOR, "room", "show", "main", "--format", "env", "--url", address, "--control-token", TOKEN)
    settings = dict(word.split("=", 1) for word in shlex.split(told, comments=True) if "=" in word)
    settings["YIBAO_PSN_NO"] = "99000000000000000001"
    app_id = next(value for name, value in settings.items() if name.endswith("APP_ID"))
    control = {"authorization": f"Bearer {TOKEN}"}
    act = f"{address}/control/rooms/main/person/"
    granted = {"ec_user_id": RICH, "app_id": app_id, "org_codg": "P11010590001"}
    assert httpx.post(act + "consent", json=granted, headers=control).status_code == 200
    example = str(ROOT / "examples" / "sealed_order.py")
    placed = run(sys.executable, example, "place", RICH, "ORDER-1", **settings)
    found = re.search(r"ORD\d{27}", placed)
    assert found, placed
    assert httpx.post(act + "confirm", json={"pay_ord_id": found[0]}, headers=control).json()["ordStas"] == "4"
    token = re.search(r"TKN[0-9A-F]{32}", placed)
    assert token
    asked = run(sys.executable, example, "ask", found[0], token[0], "990000198503120035", "测试甲", **settings)
    assert '"ordStas": "4"' in asked
    refused = subprocess.run(
        [sys.executable, example, "ask", "ORD999", token[0], "990000198503120035", "测试甲"], capture_output=True,
        text=True, env={**os.environ, **settings}, timeout=60, check=False,
    )  # fmt: skip
    assert refused.returncode == 1
    assert "code 404" in refused.stdout
    assert "signature good" in refused.stdout
