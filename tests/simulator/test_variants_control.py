"""The control side says what it means: no class constants in listings, one line for a fault of ours."""

from pathlib import Path
from typing import Any

import pytest

from schemas import jsontext
from simulator import assembly
from simulator.cli import app
from simulator.cli.app import code_of
from simulator.cli.asking import Simulator
from simulator.domain.person_acts import ACTS
from tests.simulator.shop import Shop, a_platform

LISTINGS = ["people", "institutions", "drugs?query=散", "orders", "settlements", "cash", "notices", "faults"]


def spelled(node: Any) -> set[str]:
    """Every field name in a JSON value."""
    if isinstance(node, list):
        return {name for child in node for name in spelled(child)}
    return set(node) | {name for child in node.values() for name in spelled(child)} if isinstance(node, dict) else set()


@pytest.fixture(scope="module")
def shop() -> Shop:
    shop = Shop(a_platform(), courier="manual")
    order = shop.placed(shop.person("测试乙"), packs=9)
    shop.act("/faults", {"name": "slow", "match": {"code": "6301"}})
    assert order["split"]["ownPayAmt"] != "0.00"
    return shop


@pytest.mark.parametrize("listing", [*LISTINGS, "books"])
def test_a_listing_tells_values_and_no_constants_of_ours(shop: Shop, listing: str) -> None:
    told = shop.act(f"/{listing}", method="GET")
    assert not {"KEY", "INDEXES", "WATCHED", "LASTING"} & spelled(told)


@pytest.mark.parametrize("fault", [RuntimeError("first\nsecond"), KeyError("x"), jsontext.JsonError("not JSON")])
def test_a_fault_of_ours_ends_in_one_line_and_four(
    fault: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(app, "app", breaks)
    assert code_of(["room", "list"]) == 4
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 1 and type(fault).__name__ in told[0] and "our own error" in told[0]


def test_a_catalogue_is_not_imported_under_a_running_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, store = tmp_path / "list.csv", tmp_path / "store.sqlite"
    file.write_text("med_list_codg,reg_name,rx_flag\nXA07BCM915P001010199063,蒙脱石散,0\n", encoding="utf-8")
    running = assembly.build(store)
    try:
        assert code_of(["import-catalogue", str(file), "--store", str(store)]) == 3
        told = capsys.readouterr().err
        assert "请先停止" in told and "stop its server" in told and str(store) in told
    finally:
        running.store.close()
    assert code_of(["import-catalogue", str(file), "--store", str(store)]) == 0


def test_the_help_names_every_act_of_the_person(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(["person", "--help"]) == 0
    told = capsys.readouterr().out
    assert [act for act in ACTS if act not in told] == []


def test_a_callback_may_be_registered_clear_from_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(Simulator, "call", lambda self, *asked: sent.append(asked) or {})
    assert code_of(["room", "callback", "main", "http://127.0.0.1:9000/in", "--plain"]) == 0
    assert sent == [("POST", "/rooms/main/callback", {"url": "http://127.0.0.1:9000/in", "plain": True})]
