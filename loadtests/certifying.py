"""A channel under load: its driver is asked for the orders of a profile as they arrive, and the platform measures.

Open arrivals: an order is due when the plan says so, whether or not the channel has finished the one before. What the
channel is still busy with is its own delay and counts; where the generator itself is late, the run is void.
"""

import shlex
import sys
import time
from collections.abc import Callable
from threading import Thread, Timer

from conformance.drivers.command import Command
from conformance.drivers.driver import Driver
from conformance.drivers.over_http import OverHttp
from conformance.drivers.validated import Validated
from loadtests import arrivals, chosen, desk, staging
from loadtests.books import COMPRESSED
from loadtests.campaign import Campaign, Progress, record
from loadtests.desk import Desks, Team
from loadtests.driven import Abilities, DrivenDesk, Line
from loadtests.load_profile import ProfileError
from loadtests.staging import Options, Staged
from simulator.wire.envelope import Opened

TOLD_EVERY_S = 1


def driver_for(channel: str) -> Driver:
    """The driver of ``command:PROGRAM``, ``http://…``, or of the reference channel and its twins as programs.

    Raises:
        ProfileError: it names no channel.
        DriverFault: the command cannot be started, or the address is none.
    """
    kind, _, rest = channel.partition(":")
    if kind in ("http", "https"):
        return Validated(OverHttp(channel))
    if kind == "command" and rest.strip():
        return Validated(Command(rest))
    chosen.parts_of(channel)
    module = "reference --driver" if channel == chosen.REFERENCE else f"mutants --driver --mutant {rest}"
    return Validated(Command(f"{shlex.quote(sys.executable)} -m conformance.channels.{module} --timeout-ms 1500"))


def stage(options: Options, driver: Driver) -> Staged:
    """Make the room, draw the plan, and tell the channel where it is.

    Raises:
        ProfileError: the options make no sense, or the channel cannot do what they need.
        ControlError: the simulator is not reached or refuses.
        DriverFault: the adapter went wrong.
    """
    able = _abilities(driver, options)
    scene = staging.prepare(options)
    profile, told, clock = options.profile, scene.registration["channels"][0], scene.clock
    body = desk.connection(scene.registration, told, scene.institutions) | {"base_url": options.simulator.rstrip("/")}
    url = _configured(driver, body | ({"now_ms": clock()} if able.clock else {}))
    scene.room.call("POST", "/callback", {"url": url})
    line = Line(driver, able, clock, staging.real_ms)
    count = min(profile.desks, len(scene.places.orgs)) if able.concurrency else 1
    consents = [staging.consenting(options, scene, str(told["appId"])) for _ in range(count)]
    desks = [DrivenDesk(index, line, consent, clock) for index, consent in enumerate(consents)]
    campaign = Campaign(
        profile, planned=scene.planned, strikes=arrivals.strikes(profile, scene.planned, seed=scene.seed),
        desks=Desks([Team(desks, scene.places.orgs, _unopened)]), room=scene.room, clock=clock, mode=options.mode,
        window=options.window, recorder=record(clock, profile, options.window), driven=True, still=not able.clock,
    )  # fmt: skip
    return Staged(options=options, seed=scene.seed, registration=scene.registration, campaign=campaign, inboxes=())


def play(campaign: Campaign, *, limit_s: int, show: Callable[[Progress], None]) -> None:
    """Work the run off with one hand for each desk and one for the platform's own events; at most ``limit_s`` long."""
    hands = [Thread(target=_work, args=(campaign,), daemon=True) for _ in range(len(campaign.desks.all) + 1)]
    bound = Timer(limit_s, campaign.stop)
    bound.start()
    try:
        for hand in hands:
            hand.start()
        while any(hand.is_alive() for hand in hands):
            hands[0].join(TOLD_EVERY_S)
            show(campaign.progress())
            time.sleep(0 if hands[0].is_alive() else 1 / 20)
    finally:
        bound.cancel()
        campaign.stop()


def _work(campaign: Campaign) -> None:
    while (event := campaign.next()) is not None:
        campaign.work(event)


def _abilities(driver: Driver, options: Options) -> Abilities:
    told = driver.ask("hello", {}).get("ok", {})
    claimed = told.get("capabilities", ())
    able = Abilities(clock="clock" in claimed, jobs="jobs" in claimed, concurrency="concurrency" in claimed)
    if "online" not in told.get("rails", ()):
        raise ProfileError("该渠道没有声明线上购药（online）", "the channel does not claim the online rail")
    if options.mode == COMPRESSED and not able.clock:
        raise ProfileError(
            "渠道不能调整自己的时钟（clock），请用 --mode paced", "the channel cannot move its clock: use --mode paced"
        )
    if len(options.profile.channel_weights) > 1:
        raise ProfileError("一次只能检验一个渠道", "one channel at a time: this profile has several")
    return able


def _configured(driver: Driver, body: dict[str, object]) -> str:
    """Where the channel wants its notices."""
    answer = driver.ask("configure", body)
    if "ok" not in answer:
        reason = answer.get("refused") or answer.get("unable") or {"reason_zh": "不支持", "reason_en": "unsupported"}
        raise ProfileError(f"configure 未成功：{reason['reason_zh']}", f"configure failed: {reason['reason_en']}")
    return str(answer["ok"]["callback_url"])


def _unopened(raw: bytes) -> Opened:
    raise ConnectionError("notices go to the channel itself")
