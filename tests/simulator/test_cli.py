"""The command line teaches, exits with words of its own, and a killed server loses nothing it acknowledged."""

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from schemas import jsontext
from simulator import startup
from simulator.cli.app import code_of
from simulator.cli.asking import token_file
from simulator.cli.lines import details, headline
from simulator.edge.asgi import Application
from simulator.edge.core import Core
from simulator.edge.listening import bind, server
from simulator.faults.kinds import KINDS
from tests.simulator.shop import Shop, a_platform

TOKEN = "TEST-ONLY control token"


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Shop, str]]:
    """A shop in a served platform, and where it is."""
    platform = a_platform()
    shop = Shop(platform)
    object.__setattr__(platform, "control_token", TOKEN)
    shop.control.headers = {"authorization": f"Bearer {TOKEN}"}
    socket = bind("127.0.0.1", 0)
    made = server(Application(Core(platform)))
    thread = threading.Thread(target=made.run, kwargs={"sockets": [socket]})
    thread.start()
    yield shop, f"http://127.0.0.1:{socket.getsockname()[1]}"
    made.should_exit = True
    thread.join()


@pytest.fixture
def command(running: tuple[Shop, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("YIBAO_URL", running[1])
    monkeypatch.setenv("YIBAO_CONTROL_TOKEN", TOKEN)

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = code_of(list(arguments))
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


def test_rooms_are_made_listed_reset_and_deleted(command: Any) -> None:
    assert command("room", "create", "hard", "seed:=7", 'switches:={"legs":"insurance_first"}')[0] == 0
    assert "hard" in command("room", "list")[1]
    assert command("room", "reset", "hard") == (0, "hard: reset\n")
    assert command("room", "delete", "hard") == (0, "hard: deleted\n")
    assert "hard" not in command("room", "list")[1]


def test_a_registration_comes_as_json_or_as_an_environment(command: Any, running: tuple[Shop, str]) -> None:
    shop, url = running
    told = jsontext.parse(command("room", "show", "main")[1])
    assert told["channels"][0]["appId"] == shop.told["appId"]
    lines = dict(
        line.split("=", 1) for line in command("room", "show", "main", "--format", "env")[1].split("\n") if line
    )
    assert lines["YIBAO_BASE_URL"] == f"{url}/r/main"
    assert lines["YIBAO_APP_SECRET"] == shop.told["appSecret"]


def test_faults_are_armed_listed_and_cleared(command: Any) -> None:
    code, fault_id = command("fault", "arm", "slow", "--code", "6301", "--param", "ms:=5", "--match", "org=none")
    assert code == 0
    assert fault_id.strip() in command("fault", "list")[1]
    assert command("fault", "clear", fault_id.strip())[0] == 0
    code, told = command("fault", "arm", "nonsense")
    assert code == 3
    assert "no_answer_after_commit" in told
    assert all(name in command("fault", "names")[1] for name in KINDS)


def test_the_clock_moves_on_and_tells_the_time(command: Any) -> None:
    assert command("clock", "advance", "90s")[1].strip() == "2024-07-01 10:32:15"
    assert command("clock", "to", "2024-07-02 08:00:00")[1].strip() == "2024-07-02 08:00:00"
    assert command("clock", "show")[1].strip() == "2024-07-02 08:00:00"
    assert command("clock", "advance", "soon")[0] == 3
    assert command("clock", "to", "2024-07-01 08:00:00")[0] == 3


def test_the_person_acts_and_the_world_changes(command: Any, running: tuple[Shop, str]) -> None:
    shop, _ = running
    order = shop.placed()
    assert '"ordStas": "4"' in command("person", "confirm", f"pay_ord_id={order['payOrdId']}")[1]
    code, told = command("person", "confirm", "pay_ord_id=none")
    assert (code, "未查询到" in told) == (3, True)
    person = shop.person()
    assert command("world", "balance", f"psn_no={person['psn_no']}", "fen:=99")[0] == 0
    assert shop.person()["balance_fen"] == 99
    assert "delivered" in command("deliver")[1]
    assert command("room", "switch", "main", "msgid=replay")[0] == 0
    assert command("room", "callback", "main", "http://example.com/")[0] == 3


def test_people_are_listed_with_what_a_channel_asks_for(command: Any, running: tuple[Shop, str]) -> None:
    person = running[0].person()
    code, told = command("room", "people", "main")
    assert code == 0
    assert any(person["psn_no"] in row and person["ec_user_id"] in row for row in told.splitlines())
    last = told.splitlines()[-1].split()[0]
    assert command("room", "people", "main", "--after", last) == (0, "")


def test_an_act_without_its_parts_says_what_it_needs(command: Any) -> None:
    code, told = command("person", "consent", "psn_no=99000000000000000001")
    assert (code, "需要" in told, "psn_no / ec_user_id, app_id, org_codg" in told) == (3, True, True)
    code, told = command("person", "confirm")
    assert (code, "pay_ord_id" in told) == (3, True)


def test_a_consent_tells_the_user_id_the_channel_asks_with(command: Any, running: tuple[Shop, str]) -> None:
    shop, _ = running
    granted = shop.act("/person/consent", {
        "psn_no": shop.person()["psn_no"], "app_id": shop.told["appId"], "org_codg": shop.org,
    })  # fmt: skip
    assert granted["user_id"] == shop.person()["ec_user_id"]


def test_watching_shows_each_message_with_its_checks_and_its_money(command: Any, running: tuple[Shop, str]) -> None:
    shop, _ = running
    shop.act("/world/balance", {"psn_no": shop.person()["psn_no"], "fen": 100_000})
    order = shop.paid()
    code, told = command("watch", "--once", "--plain")
    assert code == 0
    assert "6202 支付下单" in told
    assert "open✓ route✓ check✓ recall✓ handle✓ reply✓" in told
    assert order["payOrdId"] in told
    assert "PAY own:" in told and "-39.60" in told and "+39.60" in told
    assert "\x1b[" not in told
    assert command("watch", "--once", "--after", "100000")[1] == ""


def test_a_failed_check_says_why_where_no_refusal_does() -> None:
    line = {"checks": [{"stage": "answer", "ok": False, "note": "字段 message（结果说明）必填"}]}
    assert details(line) == ["检查 checks: answer✗", "不符 failed: answer: 字段 message（结果说明）必填"]
    assert len(details({**line, "refusal": {"zh": "否", "en": "no"}})) == 2


def test_a_refusal_a_fault_and_our_own_error_are_told_apart() -> None:
    line = {
        "seq": 7, "at": "2024-07-01 10:30:45.000", "direction": "in", "surface": "pay_centre", "code": "6202",
        "outcome": "refused", "channel": "channel", "org": "P1", "keys": {"payOrdId": "ORD1"},
        "checks": [{"stage": "open", "ok": True}, {"stage": "check", "ok": False}],
        "refusal": {"rule": "schema_miss", "zh": "必填", "en": "is required"}, "error": "Broken", "effect": [],
        "fault": {"name": "slow", "id": "F0001", "place": "answer"}, "notes": ["plain"],
    }  # fmt: skip
    assert headline(line) == "10:30:45.000  #7  →  6202 支付下单  ✗  channel P1  payOrdId=ORD1"
    told = "\n".join(details(line))
    for part in ("open✓ check✗", "[schema_miss] 必填 / is required", "slow (F0001, answer)", "Broken", "plain"):
        assert part in told


def test_the_books_are_written_as_json_lines(command: Any, running: tuple[Shop, str], tmp_path: Path) -> None:
    running[0].sign_in()
    assert command("export", str(tmp_path / "out"))[0] == 0
    journal = (tmp_path / "out" / "journal.jsonl").read_bytes().splitlines()
    assert jsontext.parse(journal[0])["seq"] == 1
    transfers = (tmp_path / "out" / "ledger.jsonl").read_bytes().splitlines()
    assert all(sum(side["fen"] for side in jsontext.parse(row)["postings"]) == 0 for row in transfers)
    assert (tmp_path / "out" / "cash.jsonl").exists()


def test_old_journal_lines_go_and_the_export_says_where_it_begins(command: Any, tmp_path: Path) -> None:
    command("room", "create", "old")
    command("clock", "advance", "40d", "--room", "old")
    command("clock", "advance", "1d", "--room", "old")
    code, told = command("journal", "trim", "--keep-days", "30", "--room", "old")
    assert code == 0 and "removed 0" in told
    command("clock", "advance", "60d", "--room", "old")
    code, told = command("journal", "trim", "--keep-days", "30", "--room", "old")
    assert code == 0 and "removed 2" in told and "begins with line 3" in told
    code, told = command("export", str(tmp_path), "--room", "old")
    assert code == 0 and "begins with line 3" in told
    assert command("journal", "trim", "--keep-days", "0", "--room", "old")[0] == 3


def test_a_catalogue_is_imported_with_its_rejected_rows(command: Any, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "med_list_codg,reg_name,rx_flag\nXA07BCM915P001010199063,蒙脱石散,0\nnonsense,坏行,0\n", encoding="utf-8"
    )
    store = tmp_path / "store.sqlite"
    code, told = command("import-catalogue", str(file), "--store", str(store))
    assert code == 0
    assert "accepted 1" in told and "rejected 1" in told
    assert "nonsense" in (tmp_path / "list.rejected.csv").read_text(encoding="utf-8-sig")
    assert command("import-catalogue", str(tmp_path / "none.csv"), "--store", str(store))[0] == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no-such-option"],
        ["no-such-command"],
        ["serve", "--port", "99999"],
        ["serve", "--memory", "--port", "0", "--city", "atlantis"],
        ["room", "create"],
        ["room", "create", "x", "y"],
        ["clock", "advance"],
        ["fault", "arm", "slow", "--param", "ms:=x"],
    ],
)
def test_wrong_use_exits_with_three(arguments: list[str], command: Any) -> None:
    assert command(*arguments)[0] == 3


def test_an_address_in_use_and_a_simulator_that_is_not_there_exit_with_three(command: Any) -> None:
    with bind("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        assert command("serve", "--memory", "--port", port)[0] == 3
    code, told = command("room", "list", "--url", "http://127.0.0.1:1")
    assert (code, "yibao-simulator serve" in told) == (3, True)


def test_a_wrong_token_exits_with_three(command: Any) -> None:
    code, told = command("room", "list", "--control-token", "wrong")
    assert (code, "token" in told) == (3, True)


@pytest.mark.parametrize("arguments", [[], ["room"], ["fault"], ["serve"], ["watch"], ["person"], ["import-catalogue"]])
def test_every_command_has_help(arguments: list[str], command: Any) -> None:
    code, told = command(*arguments, "--help")
    assert code == 0
    assert len(told) > 200


def test_packages_of_two_places_are_told_apart_with_both_paths(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stranger = tmp_path / "elsewhere" / "schemas"
    stranger.mkdir(parents=True)
    honest = startup.find_spec

    class Found:
        submodule_search_locations = (str(stranger),)

    monkeypatch.setattr(startup, "find_spec", lambda name: Found if name == "schemas" else honest(name))
    wrong = startup.clash()
    assert str(stranger) in wrong
    assert "simulator" in wrong
    with pytest.raises(SystemExit) as left:
        startup.check()
    assert left.value.code == 3


def test_our_own_packages_do_not_clash() -> None:
    assert startup.clash() == ""


@contextmanager
def started(store: Path, end: signal.Signals) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """A server of its own process and a client with its control token; ended by that signal, whatever happens."""
    with subprocess.Popen(
        [sys.executable, "-c", "from simulator.cli import main; main()", "serve", "--port", "0", "--store", str(store)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:
        try:
            assert process.stdout is not None
            words = (word for line in process.stdout if "/r/main" in line for word in line.split())
            url = next(word for word in words if word.startswith("http")).removesuffix("/r/main")
            headers = {"authorization": f"Bearer {token_file(store).read_text(encoding='ascii')}"}
            with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=10) as client:
                yield process, client
        finally:
            process.send_signal(end)
            process.wait(10)


@pytest.mark.slow
def test_a_killed_server_keeps_what_it_acknowledged_and_its_books_balance(tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite"
    with started(store, signal.SIGKILL) as (_, client):
        (person, *_) = client.get("/control/rooms/main/people").json()["people"]
        for fen in range(1, 30):
            told = client.post("/control/rooms/main/world/balance", json={"psn_no": person["psn_no"], "fen": fen})
            assert told.status_code == 200
    token = token_file(store).read_text(encoding="ascii")
    assert stat.S_IMODE(token_file(store).stat().st_mode) == 0o600
    with started(store, signal.SIGTERM) as (process, client):
        assert token_file(store).read_text(encoding="ascii") == token
        (person, *_) = client.get("/control/rooms/main/people").json()["people"]
        assert person["balance_fen"] == 29
        assert sum(client.get("/control/rooms/main/ledger").json()["accounts"].values()) == 0
    assert process.returncode == 0
