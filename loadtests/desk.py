"""A desk: one reference channel acting for its share of the pharmacies, one task at a time.

The desk also plays the buyer where the channel needs one: it gives the consent the channel then asks for. Confirming
and paying is the simulator's part (switch ``confirm`` = auto).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

from conformance.channels.reference.adapter.configuring import settings_from
from conformance.channels.reference.books import Tally
from conformance.channels.reference.channel import Basket, Channel, Declined
from conformance.channels.reference.notebook import Notebook, open_notebook
from conformance.channels.reference.orders import Line, Order
from conformance.channels.reference.parts import Parts
from conformance.channels.reference.settings import Settings
from conformance.channels.reference.sound import SOUND
from conformance.channels.reference.walking import reason
from loadtests.arrivals import CANCEL, REFUND, Planned
from loadtests.load_profile import MINUTE_MS, Profile
from simulator.wire.envelope import Opened
from simulator.wire.transport import Transport

Json = Mapping[str, Any]
Consent = Callable[[str, str], None]
"""(user, org): the buyer consents to a purchase there."""
_BUYER_ACTS = ("1", "2")
"""ordStas in which the buyer is at the confirmation page: a notice may be under way."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Where an order stands after a desk worked on it. ``waits``: for something outside; ``rests``: nothing is due."""

    number: str
    state: str
    waits: bool
    rests: bool


class Desk:
    """A reference channel and its open orders."""

    def __init__(self, index: int, channel: Channel, consent: Consent) -> None:
        self.index = index
        self._channel = channel
        self._consent = consent
        self._restless: set[str] = set()

    def place(self, planned: Planned) -> list[Seen]:
        """Take an order of the plan: consent, then as far as it goes."""
        self._consent(planned.user, planned.org)
        self._restless.add(planned.number)
        lines = tuple(
            Line(med_list_codg=line.med_list_codg, cnt=line.cnt, pric=line.pric, fen=0) for line in planned.lines
        )
        self._channel.place_order(
            Basket(
                order=planned.number, org=planned.org, lines=lines, user=planned.user,
                acct_used_flag=planned.acct_used_flag, delivery_fen=planned.delivery_fen,
                packing_fen=planned.packing_fen,
            )
        )  # fmt: skip
        if planned.undo == CANCEL:
            self._try(lambda: self._channel.cancel(planned.number))
        return self.look()

    def undo(self, planned: Planned) -> list[Seen]:
        """Refund what the plan wants refunded, if it was paid at all."""
        order = self._order(planned.number)
        if order is None or self._state(order) != "paid":
            return []
        self._restless.add(planned.number)
        if planned.undo == REFUND:
            self._try(lambda: self._channel.refund(planned.number))
        elif planned.delivery_fen:
            self._try(lambda: self._channel.refund_delivery(planned.number, planned.delivery_fen))
        return self.look()

    def run_jobs(self) -> list[Seen]:
        """Whatever is due: stored notices, questions to ask again."""
        self._channel.run_jobs()
        return self.look()

    def next_due_ms(self) -> int | None:
        """When there will be something to do; None when nothing is left."""
        return self._channel.next_due_ms()

    def receive(self, raw: bytes) -> bytes:
        """The channel's inbox; safe while the desk is at work."""
        return self._channel.receive(raw)

    def reconcile(self, org: str, day: str) -> Json:
        """Compare a pharmacy's day with the platform's books; a row for the auditor."""
        told = self._channel.reconcile(org, day)
        self._restless |= set(told.orders) if isinstance(told, Tally) else set()
        if isinstance(told, Tally):
            return {
                "org": org, "day": day, "desk": self.index, "answered": True, "rows": told.rows,
                "differing": told.differing, "foreign": told.foreign, "orders": list(told.orders), "why": "",
            }  # fmt: skip
        return {
            "org": org, "day": day, "desk": self.index, "answered": False, "rows": 0, "differing": 0, "foreign": 0,
            "orders": [], "why": reason(told),
        }  # fmt: skip

    def beliefs(self) -> list[Json]:
        """What the channel believes of all its orders at this moment."""
        return list(self._channel.listing()["orders"])

    def _try(self, task: Callable[[], Order]) -> None:
        """A business task that the channel may decline by its own rules."""
        try:
            task()
        except Declined:
            return

    def look(self) -> list[Seen]:
        """Where the orders stand that are not at rest."""
        seen = [self._seen(number) for number in sorted(self._restless)]
        self._restless -= {one.number for one in seen if one.rests}
        return seen

    def _seen(self, number: str) -> Seen:
        order = self._order(number)
        if order is None:
            return Seen(number, "not_sent", waits=False, rests=True)
        if order.step in ("consent", "refund_consent") and order.consent and order.consent.auth_url:
            self._consent(order.user, order.org)
        waits = order.step == "ask" and not order.pending and order.payment.ord_stas in _BUYER_ACTS
        return Seen(number, self._state(order), waits=waits, rests=not order.step)

    def _order(self, number: str) -> Order | None:
        return self._channel.context.notebook.order(number)

    def _state(self, order: Order) -> str:
        return self._channel.context.parts.believe(order).state


class Works(Protocol):
    """What a run needs of a desk, whoever works it; see ``Desk`` for each."""

    index: int

    def place(self, planned: Planned) -> list[Seen]: ...

    def undo(self, planned: Planned) -> list[Seen]: ...

    def run_jobs(self) -> list[Seen]: ...

    def look(self) -> list[Seen]: ...

    def next_due_ms(self) -> int | None: ...

    def receive(self, raw: bytes) -> bytes: ...

    def reconcile(self, org: str, day: str) -> Json: ...

    def beliefs(self) -> Sequence[Json]: ...


class Team:
    """One channel: its desks, each for its share of the pharmacies, behind one inbox address."""

    def __init__(self, desks: Sequence[Works], orgs: Sequence[str], opened: Callable[[bytes], Opened]) -> None:
        self.all = tuple(desks)
        self.by_org: Mapping[str, Works] = {org: desks[place % len(desks)] for place, org in enumerate(orgs)}
        self._opened = opened

    def addressee(self, raw: bytes) -> Works:
        """Whose notice it is; anybody's, when nobody can tell: the channel will refuse it."""
        try:
            data = self._opened(raw).data or {}
        except Exception:  # noqa: BLE001  # the channel's own check words the refusal
            return self.all[0]
        return self.by_org.get(str(data.get("orgCode", "")), self.all[0])


class Desks:
    """All desks of a run: those of each channel."""

    def __init__(self, teams: Sequence[Team]) -> None:
        self.teams = tuple(teams)
        self.all = tuple(desk for team in teams for desk in team.all)

    def of(self, org: str, channel: int = 0) -> Works:
        """The desk of a channel that acts for a pharmacy."""
        return self.teams[channel].by_org[org]

    def addressee(self, raw: bytes, channel: int = 0) -> Works:
        """Whose notice it is that came to a channel's inbox."""
        return self.teams[channel].addressee(raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What desks need from outside: the room's clock, and for each desk a transport and somebody to play its buyers.

    ``consent`` is told the ``appId`` the buyers consent to.
    """

    clock: Callable[[], int]
    transport: Callable[[], Transport]
    consent: Callable[[str], Consent]


def settings(
    profile: Profile, registration: Json, institutions: Sequence[Json], *, compressed: bool = True
) -> list[Settings]:
    """The settings of each of the room's channels, with the patience the profile declares."""
    return [_settings(profile, registration, told, institutions, compressed) for told in registration["channels"]]


def _settings(
    profile: Profile, registration: Json, told: Json, institutions: Sequence[Json], compressed: bool
) -> Settings:
    made = settings_from(connection(registration, told, institutions))
    return replace(
        made,
        timeout_ms=profile.compressed_timeout_ms if compressed else profile.timeout_ms,
        waits_ms=profile.waits_ms,
        window_ms=sum(profile.waits_ms) + MINUTE_MS,
    )


def connection(registration: Json, told: Json, institutions: Sequence[Json]) -> dict[str, Any]:
    """The body of ``configure`` for one channel of a room, all but the platform's address."""
    return {
        "app_id": told["appId"], "app_secret": told["appSecret"], "private_key": told["channelPrivateKey"],
        "platform_public_key": told["platformPublicKey"], "gateway": {"kind": "tif", **told["tif"]},
        "institutions": institutions, "cash_desk": told["cashDesk"], "base_path": registration["base_path"],
        "sealed": True, "seed": 0,
    }  # fmt: skip


def open_desks(
    profile: Profile, channels: Sequence[Settings], orgs: Sequence[str], around: Surroundings, parts: Parts = SOUND
) -> Desks:
    """As many desks for each channel as the profile says."""
    count = min(profile.desks, len(orgs))
    indexes = [range(place * count, (place + 1) * count) for place in range(len(channels))]
    return Desks([_team(where, shared, orgs, around, parts) for where, shared in zip(indexes, channels, strict=True)])


def _team(indexes: range, shared: Settings, orgs: Sequence[str], around: Surroundings, parts: Parts) -> Team:
    """The desks of one channel; their notices are opened once, whoever looks at them."""

    @lru_cache(maxsize=256)
    def opened(raw: bytes) -> Opened:
        return parts.open_notice(shared, raw)

    once = replace(parts, open_notice=lambda _, raw: opened(raw))
    consent = around.consent
    desks = [
        Desk(index, _channel(index, shared, once, around), consent(shared.credentials.app_id)) for index in indexes
    ]
    return Team(desks, orgs, opened)


def _channel(index: int, shared: Settings, parts: Parts, around: Surroundings) -> Channel:
    own = replace(shared, serial_prefix=f"{index:04d}")
    return Channel(own, around.transport(), Notebook(open_notebook()), around.clock, parts)
