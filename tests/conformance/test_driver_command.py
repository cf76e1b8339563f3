"""The command driver: adapters that answer, hang, die, talk rubbish, and a real channel killed in mid-sentence."""

import socket
import sys
import threading

import pytest

from conformance.drivers import command
from conformance.drivers.command import Command
from conformance.drivers.driver import DriverFault
from conformance.drivers.validated import Validated
from simulator.edge import listening
from simulator.edge.asgi import Application
from simulator.edge.core import Core
from tests.conformance.reference_lab import Lab

ECHO = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"id": asked["id"], "ok": {"verb": asked["verb"]}}), flush=True)
"""
FAULTY = {
    "hangs": "import sys\nfor line in sys.stdin:\n    pass\n",
    "dies": "import sys\nsys.stdin.readline()\nsys.exit(5)\n",
    "rubbish": "import sys\nfor line in sys.stdin:\n    print('hello', flush=True)\n",
    "list": "import sys\nfor line in sys.stdin:\n    print('[]', flush=True)\n",
    "wrong id": 'import sys\nfor line in sys.stdin:\n    print(\'{"id": 99, "ok": {}}\', flush=True)\n',
    "not text": "import sys\nfor line in sys.stdin:\n    sys.stdout.buffer.write(b'\\xff'); sys.exit(0)\n",
}


def adapter(tmp_path, text):
    """A command line for a small script."""
    script = tmp_path / "adapter.py"
    script.write_text(text)
    return f"{sys.executable} {script}"


def test_a_command_is_asked_line_by_line(tmp_path):
    driver = Command(adapter(tmp_path, ECHO))
    assert driver.ask("hello", {}) == {"ok": {"verb": "hello"}}
    assert driver.ask("sing", {"中文": "好"}) == {"ok": {"verb": "sing"}}
    driver.close()
    driver.close()


@pytest.mark.parametrize("kind", FAULTY)
def test_a_faulty_adapter_is_a_fault_of_the_adapter_with_a_remedy(tmp_path, kind):
    driver = Command(adapter(tmp_path, FAULTY[kind]), limits_ms={"hello": 1_500})
    with pytest.raises(DriverFault) as fault:
        driver.ask("hello", {})
    for text in (fault.value.zh, fault.value.en, fault.value.remedy_zh, fault.value.remedy_en):
        assert text
    driver.close()
    assert driver._process.poll() is not None


def test_a_hanging_adapter_that_ignores_everything_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "GRACE_MS", 200)
    text = "import signal, sys, threading\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nthreading.Event().wait(60)\n"
    driver = Command(adapter(tmp_path, text), limits_ms={"hello": 500})
    with pytest.raises(DriverFault):
        driver.ask("hello", {})
    assert driver._process.poll() is not None


@pytest.mark.parametrize("typed", ["", "/no/such/program", "'unclosed"])
def test_a_command_that_cannot_be_started_is_said_so(typed):
    with pytest.raises(DriverFault) as fault:
        Command(typed)
    assert "start" in fault.value.en


def test_an_adapter_that_lies_about_its_form_is_caught_by_the_contract(tmp_path):
    driver = Validated(Command(adapter(tmp_path, ECHO)))
    with pytest.raises(DriverFault) as fault:
        driver.ask("hello", {})
    assert "contract" in fault.value.en
    driver.close()


def test_a_death_that_was_not_asked_for_is_a_fault_even_between_two_verbs(tmp_path):
    text = ECHO.replace("for line in sys.stdin:", "for line in [sys.stdin.readline()]:")
    driver = Command(adapter(tmp_path, text))
    assert "ok" in driver.ask("hello", {})
    with pytest.raises(DriverFault) as fault:
        driver.ask("list", {})
    assert "exit code 0" in fault.value.en
    driver.close()


class Street(Lab):
    """A lab on a real socket, with the reference channel as a process of its own."""

    def __init__(self, tmp_path, module="conformance.channels.reference", **switches):
        super().__init__(**switches)
        self.socket = listening.bind("127.0.0.1", 0)
        self.server = listening.server(Application(Core(self.platform)))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)
        self.thread.start()
        self.driver.close()
        notes = tmp_path / "notes.sqlite"
        self.driver = Validated(Command(f"{sys.executable} -m {module} --driver --notes {notes}"))
        port = self.socket.getsockname()[1]
        settings = self.configuration(base_url=f"http://127.0.0.1:{port}")
        told = self.ask("configure", settings)
        self.told = told["ok"]
        self.control("POST", "/lab/callback", {"url": self.told["callback_url"]})

    def close(self):
        """Put everything down."""
        self.driver.close()
        self.server.should_exit = True
        self.thread.join(10)
        self.socket.close()


@pytest.fixture
def street(tmp_path):
    """The reference channel as a process, beside a platform on a socket."""
    made = Street(tmp_path)
    yield made
    made.close()


@pytest.mark.slow
def test_the_reference_channel_as_a_process_pays_and_refunds_an_order(street):
    assert street.ask("hello", {})["ok"]["product"] == "reference"
    assert street.place(delivery_fen=500)["ok"]["state"] == "not_paid"
    street.confirm()
    assert [notice["success"] for notice in street.notices()] == [True]
    street.settle_down()
    assert street.state() == "paid"
    assert street.perform("refund")["ok"]["state"] == "refunded"


@pytest.mark.slow
@pytest.mark.parametrize("code", ["6201", "6202"])
def test_a_process_killed_between_sending_and_storing_goes_on_where_it_stood(street, code):
    street.ask("restart", {"point": f"after_send:{code}"})
    assert street.place()["unable"]["reason_en"] == f"crashed at after_send:{code}"
    assert street.state() == "in_doubt"
    street.advance(4_000)
    street.jobs()
    street.confirm()
    street.settle_down()
    assert street.state() == "paid"
    assert len(street.ledger("PAY")) == 1
    assert len(street.sent("6202")) == 1


@pytest.mark.slow
def test_a_process_killed_before_it_acknowledges_has_the_notice_and_keeps_its_address(street):
    street.place()
    street.confirm()
    street.ask("restart", {"point": "after_notice_before_ack"})
    assert [notice["success"] for notice in street.notices()] == [None]
    assert street.state() == "in_doubt"
    street.settle_down()
    assert street.state() == "paid"


@pytest.mark.slow
def test_the_inbox_of_the_process_answers_only_its_own_address(street):
    host, port = street.told["callback_url"].removeprefix("http://").split("/")[0].split(":")
    for head in (
        b"POST /elsewhere HTTP/1.1\r\nContent-Length: 2\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n",
    ):
        with socket.create_connection((host, int(port)), timeout=5) as line:
            line.sendall(head + b"Host: x\r\nConnection: close\r\n\r\n{}")
            assert b"200" not in line.recv(200).split(b"\r\n")[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments", ["", "--driver --mutant no-such", "--drive", "--driver --mutant idle --timeout-ms 0"]
)
def test_a_wrong_command_line_ends_with_three(arguments):
    driver = Command(f"{sys.executable} -m conformance.channels.mutants {arguments}")
    with pytest.raises(DriverFault) as fault:
        driver.ask("hello", {})
    assert "exit code 3" in fault.value.en


@pytest.mark.slow
def test_a_mutant_runs_as_a_process_too():
    driver = Command(f"{sys.executable} -m conformance.channels.mutants --driver --mutant idle --timeout-ms 800")
    hello = driver.ask("hello", {})["ok"]
    assert (hello["product"], hello["retry"]["timeout_ms"]) == ("idle", 800)
    assert "restart" not in hello["capabilities"], "without a file of notes a crash would forget everything"
    assert driver.ask("restart", {"point": "now"}) == {"unsupported": True}
    assert "unable" in driver.ask("configure", {})
    assert driver._exchange("end", {}) == {"ok": {}}
    driver.close()


def test_an_adapter_that_broke_a_scenario_off_is_started_anew_for_the_next(tmp_path):
    """A scenario begins with ``configure``; in its middle an end unasked stays a fault."""
    text = ECHO.replace("    print(", "    if asked['verb'] == 'perform': sys.exit(3)\n    print(")
    driver = Command(adapter(tmp_path, text))
    for _ in range(2):
        assert driver.ask("configure", {}) == {"ok": {"verb": "configure"}}
        with pytest.raises(DriverFault, match="exit code 3"):
            driver.ask("perform", {})
        with pytest.raises(DriverFault, match="ended before it answered believe"):
            driver.ask("believe", {})
    driver.close()
