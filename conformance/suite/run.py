"""One scenario played with one channel in a room of its own; what remains is its evidence."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.drivers.driver import Driver, DriverFault
from conformance.evidence import Asked, Evidence
from conformance.findings import Both
from conformance.oracle.audit import audit
from conformance.scenarios.listing import Scenario, baskets
from conformance.stories.cast import Cast
from conformance.stories.stage import Stage, Tell, unheard
from conformance.suite.control import ControlClient, ControlFault, RoomControl
from conformance.telling import said

Json = Mapping[str, Any]
CHANNEL = "channel"
_DISTRICT = re.compile(r"（(.+)店）")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What every scenario of a run shares."""

    control: ControlClient
    base_url: str
    """As the channel is told: ``local:`` or ``http://127.0.0.1:PORT``."""
    seed: int
    gateway: str = "tif"
    tell: Tell = unheard
    """Who acts now, for a person who waits."""
    shelf: dict[tuple[str, str], Json] = field(default_factory=dict, compare=False)
    """Drugs of the baskets by kind of room (world, city, hour) and code, as a fresh one has them: asked for once."""


class ConfigureFault(Exception):
    """The channel would not take its settings: wording for people, and the field."""

    def __init__(self, both: Both) -> None:
        super().__init__(both.en)
        self.both = both


def play(bench: Bench, driver: Driver, hello: Json, scenario: Scenario) -> Evidence:
    """Play a scenario to its quiescence. Whatever goes wrong is in the evidence, told apart by whose fault it is."""
    room, registration = open_room(bench, scenario)
    try:
        stage = set_stage(bench, driver, hello, room, registration)
        broken_off, ours = _play(stage, scenario)
        record = _collect(bench, scenario, hello, stage, registration)
    finally:
        room.call("DELETE", "")
    if broken_off:
        record["broken_off"] = broken_off.document()
    found = Evidence(record)
    record["faults_of_suite"] = [both.document() for both in (*ours, *audit(found))]
    return found


def never_began(bench: Bench, hello: Json, scenario: Scenario, why: Both) -> Evidence:
    """The evidence of a scenario that the adapter did not let begin: it shows nothing, and why."""
    empty: dict[str, Any] = {name: [] for name in ("driver", "journal", "transfers", "orders", "settlements", "cash")}
    nothing: dict[str, Any] = {name: {} for name in ("accounts", "drugs", "moments", "listing", "platform")}
    return Evidence({
        "scenario": scenario.name, "seed": bench.seed, "city": scenario.city, "room": "", "facts": {"orders": {}},
        "hello": dict(hello), "beliefs": [], "capabilities": sorted(hello["capabilities"]), "faults_of_suite": [],
        "broken_off": why.document(), **empty, **nothing,
    })  # fmt: skip


def told(fault: DriverFault) -> Both:
    """What the adapter did, and the way out."""
    return Both(f"{fault.zh}；处理：{fault.remedy_zh}", f"{fault.en}; what to do: {fault.remedy_en}")


def open_room(bench: Bench, scenario: Scenario) -> tuple[RoomControl, Json]:
    """A fresh room for a scenario, with its faults armed, and its registration."""
    name = f"certify.{scenario.name}"
    order = {
        "room": name,
        "world": scenario.world,
        "city": scenario.city,
        "seed": bench.seed,
        "start": scenario.start,
        "switches": scenario.switches,
        "courier": "manual",
        "channels": [{"name": CHANNEL, "orgs": "all"}],
    }
    registration = _made(bench, name, order)
    room = bench.control.room(name)
    for fault in scenario.faults:
        room.call("POST", "/faults", fault)
    return room, registration


def _made(bench: Bench, name: str, order: Json) -> Json:
    """A new room; one that an earlier run left behind under this name gives way."""
    try:
        return bench.control.call("POST", "/rooms", order)
    except ControlFault:
        if name not in bench.control.call("GET", "/health")["rooms"]:
            raise
    bench.control.call("DELETE", f"/rooms/{name}")
    return bench.control.call("POST", "/rooms", order)


def set_stage(bench: Bench, driver: Driver, hello: Json, room: RoomControl, registration: Json) -> Stage:
    """Introduce channel and room to one another.

    Raises:
        ConfigureFault: the channel refuses its settings.
        DriverFault: the channel's driver does not work.
    """
    capabilities = frozenset(hello["capabilities"])
    settings = settings_for(bench, registration, room, capabilities)
    answer = driver.ask("configure", settings)
    if "ok" not in answer:
        why = said(Asked({"verb": "configure", "body": settings, "answer": answer}))
        raise ConfigureFault(Both(f"configure的应答：{why.zh}", f"configure was answered: {why.en}"))
    driver.ask("reset", {})
    room.call("POST", "/callback", {"channel": CHANNEL, "url": answer["ok"]["callback_url"]})
    return Stage(
        control=room,
        driver=driver.ask,
        app_id=settings["app_id"],
        capabilities=capabilities,
        window_ms=int(hello["retry"]["window_ms"]),
        cast=_cast(bench, room, f"{registration['world']} {registration['city']} {registration['now']}"),
        now_ms=int(registration["now_ms"]),
        tell=bench.tell,
    )


def settings_for(bench: Bench, registration: Json, room: RoomControl, capabilities: frozenset[str]) -> dict[str, Any]:
    """The body of ``configure``: addresses and TEST keys of a room."""
    own = registration["channels"][0]
    gateway = {"tif": {"kind": "tif", **own["tif"]}, "csb": {"kind": "csb", **own["csb"]}, "none": {"kind": "none"}}
    shops = room.call("GET", "/institutions")["institutions"]
    return {
        "base_url": bench.base_url,
        "base_path": registration["base_path"],
        "app_id": own["appId"],
        "app_secret": own["appSecret"],
        "private_key": own["channelPrivateKey"],
        "platform_public_key": own["platformPublicKey"],
        "gateway": gateway[bench.gateway],
        "institutions": [
            {name: shop[name] for name in ("fixmedins_code", "fixmedins_name", "admdvs")} for shop in shops
        ],
        "cash_desk": own["cashDesk"],
        "sealed": True,
        "seed": told_seed(bench.seed),
        **({"now_ms": int(registration["now_ms"])} if "clock" in capabilities else {}),
    }


def told_seed(seed: int) -> int:
    """What the channel may draw its own chance from: the day itself cannot be worked out of it."""
    return int.from_bytes(hashlib.sha256(f"{seed}, as the channel is told".encode()).digest()[:6])


def _play(stage: Stage, scenario: Scenario) -> tuple[Both | None, list[Both]]:
    """Run the story to its end: whether the channel broke off, and what was our own fault."""
    try:
        scenario.story(stage, scenario.params)
        stage.settle_down()
        stage.take_beliefs("quiescent")
    except DriverFault as fault:
        return told(fault), []
    except Exception as fault:  # noqa: BLE001  # a broken story must become evidence, not a traceback
        text = f"{type(fault).__name__}: {fault}"
        return None, [Both(f"场景自身出错：{text}", f"the scenario itself failed: {text}")]
    return None, []


def _collect(bench: Bench, scenario: Scenario, hello: Json, stage: Stage, registration: Json) -> dict[str, Any]:
    stage.snapshot("end")
    stage.moments.setdefault("quiescent", stage.moments["end"])
    ledger, armed = stage.control.call("GET", "/ledger"), stage.control.call("GET", "/faults")["faults"]
    end = stage.moments.pop("end")
    used = {str(line["med_list_codg"]) for fact in stage.facts["orders"].values() for line in fact["lines"]}
    return {
        "scenario": scenario.name,
        "seed": bench.seed,
        "city": scenario.city,
        "room": str(registration["room"]),
        "facts": stage.facts,
        "hello": dict(hello),
        "driver": stage.log,
        "journal": stage.journal,
        "transfers": ledger["transfers"],
        "accounts": ledger["accounts"],
        "orders": end["orders"],
        "settlements": end["settlements"],
        "cash": end["cash"],
        "drugs": {code: row for code, row in stage.cast.drugs.items() if code in used},
        "beliefs": stage.beliefs,
        "moments": stage.moments,
        "listing": _listing(stage),
        "capabilities": sorted(stage.capabilities),
        "faults": [{name: row[name] for name in ("name", "place", "struck")} for row in armed],
        "platform": {name: registration[name] for name in ("switches", "in_force", "rules")},
        "faults_of_suite": [],
    }


def _listing(stage: Stage) -> Json:
    try:
        listing: Json = stage.ask("list", {}).get("ok", {})
    except DriverFault:
        return {}
    return listing


def _cast(bench: Bench, room: RoomControl, fresh: str) -> Cast:
    people = {str(row["psn_name"]).removeprefix("测试"): row for row in room.call("GET", "/people")["people"]}
    shops: dict[str, Json] = {}
    for row in room.call("GET", "/institutions")["institutions"]:
        if found := _DISTRICT.search(str(row["fixmedins_name"])):
            shops.setdefault(found.group(1), row)
    codes = {str(line["med_list_codg"]) for basket in baskets().values() for line in basket}
    return Cast(
        people=people,
        shops=shops,
        baskets=baskets(),
        drugs={code: _drug(bench, room, fresh, code) for code in sorted(codes)},
    )


def _drug(bench: Bench, room: RoomControl, fresh: str, code: str) -> Json:
    if (fresh, code) not in bench.shelf:
        rows = room.call("GET", f"/drugs?query={code}&limit=1")["drugs"]
        if not rows:
            raise ControlFault(f"the catalogue of the room holds no {code}")
        bench.shelf[fresh, code] = rows[0]
    return bench.shelf[fresh, code]
