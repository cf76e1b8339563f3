"""A room of the platform with a channel driven in it: what the end-to-end tests of the reference channel stand in."""

from typing import Any

from conformance.channels.reference.parts import Parts
from conformance.channels.reference.sound import SOUND
from conformance.drivers.in_process import InProcess
from conformance.drivers.validated import Validated
from schemas import jsontext
from simulator import assembly
from simulator.edge.local import LocalTransport
from simulator.wire.transport import HttpRequest
from simulator.worlds.small import small

START = "2024-07-01 10:00:00"
SHOP = "P11010590001"
PEOPLE = {person.psn_name[-1]: person for person in small().people}
PLAIN_DRUG, CAPPED_DRUG = "0", "1"


class Lab:
    """One room, one channel. ``ask`` drives the channel, ``control`` the platform; the two clocks move together."""

    def __init__(self, *, parts: Parts = SOUND, sealed: bool = True, gateway: str = "tif", **switches: Any) -> None:
        self.real_ms = 1_700_000_000_000
        self.platform = assembly.build(real_ms=lambda: self.real_ms)
        self._control = LocalTransport(self.platform)
        self.room = self.control(
            "POST", "", {"room": "lab", "start": START, "courier": "manual", "switches": switches, "seed": 7}
        )
        self.registered = self.room["channels"][0]
        self.driver = Validated(InProcess(self.transport, self.hang_up, name="reference", parts=parts))
        self.drugs = self.control("GET", "/lab/drugs")["drugs"]
        told = self.ask("configure", self.configuration(sealed=sealed, gateway=gateway))["ok"]
        self.control("POST", "/lab/callback", {"url": told["callback_url"]})

    def transport(self, base_path: str) -> LocalTransport:
        """How the channel reaches the platform."""
        return LocalTransport(self.platform, base_path)

    def hang_up(self, name: str, inbox: Any) -> None:
        """Let the platform reach the channel's inbox."""
        self.platform.inboxes[name] = inbox

    def configuration(self, *, sealed: bool = True, gateway: str = "tif", base_url: str = "local:") -> dict[str, Any]:
        """The body of ``configure`` for this room."""
        channel = self.registered
        return {
            "base_url": base_url, "base_path": self.room["base_path"], "app_id": channel["appId"],
            "app_secret": channel["appSecret"], "private_key": channel["channelPrivateKey"],
            "platform_public_key": channel["platformPublicKey"],
            "gateway": {"kind": gateway, **channel["tif"], **channel["csb"]},
            "institutions": [
                {"fixmedins_code": org, "fixmedins_name": f"测试药店{org[-4:]}", "admdvs": "110105"}
                for org in channel["orgCodgs"]
            ],
            "cash_desk": channel["cashDesk"], "sealed": sealed, "now_ms": self.room["now_ms"], "seed": 7,
        }  # fmt: skip

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One call of the control API; a refusal fails the test."""
        raw = jsontext.compact(body or {})
        reply = self._control.send(HttpRequest(method, f"/control/rooms{path}", {}, raw), timeout_ms=1000)
        assert reply.status < 300, reply.body.decode()
        return jsontext.parse(reply.body)

    def ask(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        """One exchange with the channel."""
        return self.driver.ask(verb, body)

    def perform(self, task: str, order: str = "S1", **more: Any) -> dict[str, Any]:
        """A business task."""
        return self.ask("perform", {"task": task, "order": order, **more})

    def believe(self, order: str = "S1") -> dict[str, Any]:
        """What the channel believes."""
        return self.ask("believe", {"order": order})["ok"]

    def state(self, order: str = "S1") -> str:
        """The state of that belief."""
        return self.believe(order)["state"]

    def consent(self, who: str, org: str = SHOP) -> None:
        """The person agrees to a purchase."""
        self.act("consent", psn_no=PEOPLE[who].psn_no, app_id=self.registered["appId"], org_codg=org)

    def act(self, verb: str, **body: Any) -> Any:
        """The person does something."""
        return self.control("POST", f"/lab/person/{verb}", body)

    def place(self, who: str = "己", order: str = "S1", *, consent: bool = True, **more: Any) -> dict[str, Any]:
        """The buyer consents and an order of 79.60 (2 × 19.80 + 40.00) is placed for him."""
        if consent:
            self.consent(who)
        wanted = {"lines": self.lines(), "org": SHOP, "user": PEOPLE[who].ec_user_id, "acct_used_flag": "1", **more}
        return self.perform("place_order", order, **wanted)

    def lines(self) -> list[dict[str, Any]]:
        """A basket of over-the-counter medicine worth 79.60."""
        first, second = [drug for drug in self.drugs if drug["rx_flag"] == "0" and not drug["online_barred"]][:2]
        return [
            {"med_list_codg": first["med_list_codg"], "cnt": "2", "pric": "19.80", "rx_flag": "0"},
            {"med_list_codg": second["med_list_codg"], "cnt": "1", "pric": "40.00", "rx_flag": "0"},
        ]

    def confirm(self, order: str = "S1", cash: str = "collect") -> Any:
        """The buyer confirms on the e-voucher page."""
        return self.act("confirm", pay_ord_id=self.believe(order)["pay_ord_ids"][-1], cash=cash)

    def notices(self) -> Any:
        """Let the courier run."""
        return self.control("POST", "/lab/courier/run")["delivered"]

    def jobs(self) -> dict[str, Any]:
        """Let the channel do what is due."""
        return self.ask("jobs", {"job": "all"})["ok"]

    def fault(self, name: str, code: str = "", **more: Any) -> None:
        """Arm a fault."""
        self.control("POST", "/lab/faults", {"name": name, "match": {"code": code} if code else {}, **more})

    def advance(self, ms: int) -> None:
        """Time passes for both sides."""
        now_ms = self.control("POST", "/lab/clock", {"advance_ms": ms})["now_ms"]
        self.ask("clock", {"now_ms": now_ms})

    def settle_down(self, limit: int = 60) -> None:
        """Run jobs and notices, moving from one due time to the next, until nothing is left to do."""
        for _ in range(limit):
            self.notices()
            due_ms = self.jobs()["next_due_ms"]
            if due_ms is None:
                return
            now_ms = self.control("GET", "/lab/clock")["now_ms"]
            self.advance(max(0, due_ms - now_ms))
        raise AssertionError("the channel never comes to rest")

    def sent(self, code: str) -> list[Any]:
        """Journal lines of one interface."""
        lines = self.control("GET", "/lab/journal?limit=1000")["lines"]
        return [line for line in lines if line["code"] == code]

    def ledger(self, kind: str) -> list[Any]:
        """Transfers of one kind."""
        return [one for one in self.control("GET", "/lab/ledger")["transfers"] if one["kind"] == kind]

    def cash_book(self) -> list[Any]:
        """The cash desk's orders."""
        return self.control("GET", "/lab/cash")["cash"]
