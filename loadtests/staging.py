"""Setting a run up: the room and its world through the control API, the plan, the desks and their inbox."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from conformance.channels.reference.adapter.listening import InboxServer
from loadtests import arrivals, chosen, desk
from loadtests.arrivals import Planned, Town
from loadtests.books import COMPRESSED, PACED
from loadtests.campaign import Campaign, RoomClock, record
from loadtests.control import Control, Json, RoomControl
from loadtests.desk import Surroundings
from loadtests.load_profile import DAY_MINUTES, Profile, ProfileError, Window
from loadtests.metered import Fire, MeteredTransport, both
from loadtests.sockets import SocketTransport

MODES = (COMPRESSED, PACED)
CHANNELS = ("load", "second", "third", "fourth")
"""Names of a room's channels; a profile has at most so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a run is asked for. ``orders`` and ``seed`` 0: as the profile says."""

    profile: Profile
    simulator: str
    token: str
    orders: int = 0
    seed: int = 0
    mode: str = COMPRESSED
    channel: str = chosen.REFERENCE
    """Who works the desks: ``reference`` or ``mutant:NAME``."""
    from_minute: int = 0
    minutes: int = 0
    """Which part of the day is played; both 0: the part the profile names."""

    @property
    def window(self) -> Window:
        """The part of the day that is played."""
        if not self.from_minute and not self.minutes:
            return self.profile.window
        return Window(from_minute=self.from_minute, minutes=self.minutes or DAY_MINUTES - self.from_minute)

    def check(self) -> None:
        """Whether such a run makes sense.

        Raises:
            ProfileError: naming what does not.
        """
        if not self.simulator:
            raise ProfileError("请给出模拟器地址（--simulator 或 --host）", "name the simulator: --simulator or --host")
        if self.mode not in MODES:
            listed = ", ".join(MODES)
            raise ProfileError(f"mode 应为：{listed}", f"mode must be one of: {listed}")
        if self.orders < 0 or self.seed < 0:
            raise ProfileError("orders 与 seed 不能为负", "orders and seed cannot be negative")
        window = self.window
        if window.minutes < 1 or window.from_minute < 0 or window.from_minute + window.minutes > DAY_MINUTES:
            raise ProfileError("时段应在一天之内", "the part of the day must lie within the day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A run ready to begin."""

    options: Options
    seed: int
    registration: Json
    campaign: Campaign
    inboxes: Sequence[InboxServer]
    """One for each channel of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A room with its people and pharmacies, and the plan of what will happen there."""

    seed: int
    registration: Json
    room: RoomControl
    institutions: Sequence[Json]
    places: Town
    planned: Sequence[Planned]
    clock: RoomClock


def stage(options: Options, fire: Fire) -> Staged:
    """Make the room, draw the plan, open the desks and their inbox.

    Raises:
        ProfileError: the options make no sense, or the simulator does not know a fault of the profile.
        ControlError: the simulator is not reached or refuses.
    """
    scene = prepare(options)
    profile, clock = options.profile, scene.clock
    recorder = record(clock, profile, options.window)
    desks = desk.open_desks(
        profile, desk.settings(profile, scene.registration, scene.institutions, compressed=options.mode == COMPRESSED),
        scene.places.orgs, _surroundings(options, scene, both(recorder.fire, fire)), chosen.parts_of(options.channel),
    )  # fmt: skip
    campaign = Campaign(
        profile, planned=scene.planned, strikes=arrivals.strikes(profile, scene.planned, seed=scene.seed), desks=desks,
        room=scene.room, clock=clock, mode=options.mode, window=options.window, recorder=recorder,
    )  # fmt: skip
    inboxes = [_inbox(campaign, scene.room, place) for place in range(len(desks.teams))]
    return Staged(options=options, seed=scene.seed, registration=scene.registration, campaign=campaign, inboxes=inboxes)


def prepare(options: Options) -> Scene:
    """Make the room and draw the plan.

    Raises:
        ProfileError, ControlError: as ``stage``.
    """
    options.check()
    profile, seed = options.profile, options.seed or options.profile.seed
    platform = control(options)
    _check_faults(profile, platform.health())
    registration = platform.fresh_room(room_order(options, seed))
    room = platform.room(str(registration["room"]))
    institutions = list(room.every("institutions"))
    places = arrivals.town(room.every("people"), institutions, room.call("GET", "/drugs?limit=1000")["drugs"])
    planned = arrivals.plan(
        profile, places, orders=options.orders or profile.orders, seed=seed,
        from_minute=options.window.from_minute, minutes=options.window.minutes,
    )  # fmt: skip
    clock = RoomClock(real_ms)
    clock.set(room.now_ms())
    return Scene(
        seed=seed, registration=registration, room=room, institutions=institutions, places=places, planned=planned,
        clock=clock,
    )  # fmt: skip


def real_ms() -> int:
    """The machine's own time."""
    return time.time_ns() // 1_000_000


def _inbox(campaign: Campaign, room: RoomControl, channel: int) -> InboxServer:
    """A channel's inbox, open and known to the platform."""
    inbox = InboxServer(partial(campaign.receive, channel=channel))
    inbox.start()
    room.call("POST", "/callback", {"channel": CHANNELS[channel], "url": inbox.url})
    return inbox


def control(options: Options) -> Control:
    """The simulator's control API.

    Raises:
        ProfileError: the address is no http address.
    """
    try:
        return Control(SocketTransport(options.simulator), options.token)
    except ValueError as fault:
        raise ProfileError(f"模拟器地址有误：{fault}", f"the simulator's address is wrong: {fault}") from None


def _check_faults(profile: Profile, health: Json) -> None:
    wanted = {fault.name for fault in profile.faults} | {storm.name for storm in profile.storms}
    unknown = sorted(wanted - set(health["faults"]))
    if unknown:
        listed = ", ".join(health["faults"])
        raise ProfileError(f"模拟器没有故障{unknown[0]}，可用：{listed}", f"no fault {unknown[0]!r}; known: {listed}")


def room_order(options: Options, seed: int) -> Json:
    """The room a run is played in: a city of the profile's size, each channel admitted for all its pharmacies."""
    profile, hour, minute = options.profile, *divmod(options.window.from_minute, 60)
    return {
        "room": f"load-{profile.name}-{seed}"[:40], "world": "city", "people": profile.people,
        "pharmacies": profile.pharmacies, "city": profile.city, "seed": seed, "courier": "auto",
        "start": f"{profile.day} {hour:02d}:{minute:02d}:00", "switches": {"confirm": "auto", "plain": False},
        "channels": [{"name": name, "orgs": "all"} for name in CHANNELS[: len(profile.channel_weights)]],
    }  # fmt: skip


def _surroundings(options: Options, scene: Scene, fire: Fire) -> Surroundings:
    base_address = options.simulator.rstrip("/") + str(scene.registration["base_path"])
    return Surroundings(
        clock=scene.clock,
        transport=lambda: MeteredTransport(SocketTransport(base_address), fire),
        consent=lambda app_id: consenting(options, scene, app_id),
    )


def consenting(options: Options, scene: Scene, app_id: str) -> desk.Consent:
    """Somebody who plays the buyers of a channel, over a connection of its own."""
    room = control(options).room(scene.room.name)
    return lambda user, org: room.consent(user=user, app_id=app_id, org=org)
