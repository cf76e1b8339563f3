"""Messages to measure with: real orders of the reference channel, the one message of interest held back unsent."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from conformance.channels.reference.channel import Basket, Channel
from conformance.channels.reference.notebook import Notebook, open_notebook
from conformance.channels.reference.orders import Line, Sale
from loadtests import arrivals, desk, load_profile
from loadtests.control import Control
from loadtests.metered import label
from simulator.wire.transport import HttpReply, HttpRequest, NoAnswer, Transport

Json = Mapping[str, Any]
PLAIN, SEALED = "2102", "6202"
PROFILE = "beijing-launch-day"
BY_ID_CARD = "02"
ROOM = "bench"


class Holding:
    """Carries everything but the messages of one interface: those it keeps, and reports as unanswered."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.code = ""
        self.held: list[HttpRequest] = []

    def send(self, request: HttpRequest, *, timeout_ms: int) -> HttpReply:
        """See ``Transport``."""
        if label(request)[1] == self.code:
            self.held.append(request)
            raise NoAnswer("held back")
        return self._inner.send(request, timeout_ms=timeout_ms)


class Shop:
    """A room of Beijing's size with one channel for all its pharmacies, and that channel."""

    def __init__(self, control: Control, reach: Callable[[str], Transport], *, people: int, pharmacies: int) -> None:
        """``reach`` gives the transport to a base path of the platform behind ``control``."""
        self._profile = replace(load_profile.load(PROFILE), people=people, pharmacies=pharmacies)
        self.registration = control.fresh_room(
            {
                "room": ROOM, "world": "city", "people": people, "pharmacies": pharmacies, "city": "beijing",
                "seed": self._profile.seed, "courier": "manual", "switches": {"plain": False},
                "channels": [{"name": "bench", "orgs": "all"}],
            }
        )  # fmt: skip
        self._room = control.room(ROOM)
        institutions, people_known = list(self._room.every("institutions")), list(self._room.every("people"))
        self._cards = {str(one["psn_no"]): str(one["certno"]) for one in people_known}
        self._town = arrivals.town(people_known, institutions, self._room.call("GET", "/drugs?limit=1000")["drugs"])
        self._app_id = str(self.registration["channels"][0]["appId"])
        self.base_path = str(self.registration["base_path"])
        self._transport = Holding(reach(self.base_path))
        settings = desk.settings(self._profile, self.registration, institutions, compressed=False)[0]
        self._channel = Channel(
            settings, self._transport, Notebook(open_notebook()), lambda: time.time_ns() // 1_000_000
        )
        self._numbers = 0

    def messages(self, code: str, count: int) -> list[HttpRequest]:
        """``count`` messages of 2102 or 6202, each of an order of its own and ready to be sent once.

        Not every buyer may buy everything; twice as many orders are tried.

        Raises:
            RuntimeError: too few orders came as far as that message.
        """
        self._transport.code, self._transport.held = code, []
        self._numbers += 1
        for planned in arrivals.plan(self._profile, self._town, orders=2 * count, seed=self._numbers):
            if len(self._transport.held) < count:
                self._begin(code, planned)
        held, self._transport.held, self._transport.code = self._transport.held, [], ""
        if len(held) < count:
            raise RuntimeError(f"only {len(held)} of {2 * count} orders came as far as {code}")
        return held

    def _begin(self, code: str, planned: arrivals.Planned) -> None:
        lines = tuple(Line(med_list_codg=one.med_list_codg, cnt=one.cnt, pric=one.pric, fen=0) for one in planned.lines)
        number = f"{code}-{self._numbers}-{planned.number}"
        basket = Basket(order=number, org=planned.org, lines=lines, user=planned.user)
        if code == SEALED:
            self._room.consent(user=planned.user, app_id=self._app_id, org=planned.org)
            self._channel.place_order(basket)
        else:
            card = Sale(mdtrt_cert_type=BY_ID_CARD, mdtrt_cert_no=self._cards[planned.psn_no])
            self._channel.counter_sale(replace(basket, user=""), card)
