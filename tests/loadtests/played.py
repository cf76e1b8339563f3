"""The real platform and the real channels of a run in this process: no sockets, the clock in the test's hand."""

from collections.abc import Callable
from functools import partial

from loadtests import arrivals, chosen, desk
from loadtests.agenda import Event
from loadtests.campaign import Campaign, RoomClock
from loadtests.control import Control
from loadtests.desk import Surroundings
from loadtests.load_profile import Profile
from loadtests.staging import CHANNELS, Options, Staged, room_order
from simulator import assembly
from simulator.edge.local import LocalTransport

NOON_MS = 1_900_000_000_000
TOKEN = "TEST-ONLY"


class Town:
    """A platform in this process with a room for a run; notices leave when they are told to."""

    def __init__(
        self, profile: Profile, *, orders: int = 12, mode: str = "compressed", channel: str = "reference"
    ) -> None:
        self.platform = assembly.build(real_ms=lambda: NOON_MS, control_token=TOKEN)
        self.control = Control(LocalTransport(self.platform), TOKEN)
        options = Options(
            profile=profile, simulator="http://127.0.0.1:1", token=TOKEN, orders=orders, mode=mode, channel=channel
        )
        registration = self.control.fresh_room({**room_order(options, 5), "courier": "manual"})
        self.room = self.control.room(str(registration["room"]))
        institutions = list(self.room.every("institutions"))
        places = arrivals.town(self.room.every("people"), institutions, self.room.call("GET", "/drugs")["drugs"])
        window = options.window
        planned = arrivals.plan(
            profile, places, orders=orders, seed=5, from_minute=window.from_minute, minutes=window.minutes
        )
        clock = RoomClock(lambda: NOON_MS)
        clock.set(self.room.now_ms())
        around = Surroundings(
            clock=clock,
            transport=lambda: LocalTransport(self.platform, str(registration["base_path"])),
            consent=lambda app_id: lambda user, org: self.room.consent(user=user, app_id=app_id, org=org),
        )
        desks = desk.open_desks(
            profile, desk.settings(profile, registration, institutions), places.orgs, around, chosen.parts_of(channel)
        )
        self.campaign = Campaign(
            profile, planned=planned, strikes=arrivals.strikes(profile, planned, seed=5), desks=desks, room=self.room,
            clock=clock, mode=mode, window=options.window,
        )  # fmt: skip
        for place, name in enumerate(CHANNELS[: len(desks.teams)]):
            self.platform.inboxes[name] = partial(self.campaign.receive, channel=place)
            self.room.call("POST", "/callback", {"channel": name, "url": f"local:{name}"})
        self.staged = Staged(options=options, seed=5, registration=registration, campaign=self.campaign, inboxes=())

    def play(self, beside: Callable[[Event], object] = lambda event: None) -> None:
        """Work everything off with one pair of hands, delivering notices after each event."""
        while (event := self.campaign.next()) is not None:
            self.campaign.work(event)
            self.room.deliver()
            beside(event)
