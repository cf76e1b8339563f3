"""Every behaviour of the channel that could be done wrongly, as one small replaceable callable each.

``SOUND`` in ``sound.py`` holds the right ones. A broken channel is ``dataclasses.replace(SOUND, one_part=...)``:
the rest of it stays sound, so that what a test sees is that one fault.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from conformance.channels.reference.beliefs import Belief
from conformance.channels.reference.books import Result, Row, Tally
from conformance.channels.reference.notebook import Notebook
from conformance.channels.reference.orders import Consent, Line, Order, Split
from conformance.channels.reference.outcomes import Outcome
from conformance.channels.reference.packs import Pack, Taken
from conformance.channels.reference.settings import Settings
from schemas.loader import InterfaceSchema
from simulator.wire.envelope import Opened
from simulator.wire.transport import Transport

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsParts:
    """The parts of a channel that deal with goods; texts that may be empty mean "nothing to say against it"."""

    basket: "Mapping[str, Callable[[Context, Order], str]]"
    """Rules a basket must keep before anything of it is sent."""
    hand_over: "Mapping[str, Callable[[Context, Order, tuple[Pack, ...]], str]]"
    """What must be right before goods leave."""
    report: "Callable[[Context, Order, tuple[Pack, ...]], Outcome]"
    """Tells the platform what leaves; only ``Answered`` lets it go."""
    after_lost_report: "Callable[[Context, Order, list[Pack]], Outcome]"
    """What to do when 3505A got no answer."""
    virtual_codes: "Callable[[Context, Order, Pack], tuple[str, ...] | Outcome]"
    sale_row: Callable[[Settings, Order, Pack], Json]
    return_row: Callable[[Settings, Order, Pack], Json]
    row_taken: Callable[[Mapping[str, object]], bool]
    """Whether a row of an answer says that it was taken."""
    may_take_back: Callable[[Order, bool], str]
    """(order, whether the goods are physically here) → why 3506A must not be sent."""
    shelf_after: Callable[[str], str]
    """Where goods go that came back: ``back`` or ``quarantined``."""
    purchase_row: Callable[[str, Json, str], Json]
    """(who books it, the goods, when) → a row of 3503A."""
    after_lost_purchase: "Callable[[Context, str, list[Json]], Taken | Outcome]"
    remove_first: "Callable[[Context, str, tuple[str, ...]], Outcome]"
    """Takes wrongly reported batches away before they are reported anew."""
    mapping_stands: Callable[[Outcome], bool]
    """Whether a mapping may be relied on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a channel. Times are milliseconds, money is fen; texts that may be empty mean "nothing to say"."""

    keys: Callable[[Settings, int], tuple[Settings, ...]]
    """(settings, now) → the settings to send with, and after them those that still verify what comes."""
    compose: Mapping[str, Callable[[Settings, Order, int], Json]]
    """Interface code → (settings, order, now) → the clear content of the message."""
    address: Callable[[InterfaceSchema, Json], str]
    """(interface, content) → the path to post to."""
    seal: Callable[[Settings, InterfaceSchema, Json, int], bytes]
    sign_at_gateway: Callable[[Settings, str, str, int], Mapping[str, str]]
    """(settings, infno, a fresh nonce, now) → the headers that sign an institution message at its gateway."""
    open_answer: Callable[[Settings, bytes], Opened]
    """Verify and decrypt an answer; raises ``WireError``."""
    open_notice: Callable[[Settings, bytes], Opened]
    """Verify and decrypt a notice; raises ``WireError``."""
    misfit: Callable[[str, Json, Json], str]
    """(code, what we asked, what was answered) → why the answer cannot be ours, or an empty text."""

    read_code: "Callable[[Context, Order], Outcome]"
    """What a scanned e-voucher code says."""
    read_sale: Callable[[Json], Split]
    """setlinfo of 2101 or 2102 → who paid how much."""
    line_fen: Callable[[str, str], int]
    """(cnt, pric) → line amount."""
    spread: Callable[[tuple[Line, ...], int], tuple[Line, ...]]
    """(priced lines, coupon) → the lines as they are charged."""
    to_collect: Callable[[Order], tuple[int, int]]
    """Cash share and freight for the cash desk."""

    med_org_ord: Callable[[Order, str], str]
    """(order, a fresh serial) → the serial of 6201."""
    biz_ser: Callable[[Order, str], str]
    app_refd_sn: Callable[[Order, str], str]
    msgid: Callable[[str, str], str]
    """(institution, a fresh message id) → the message id to send."""
    signed_in: "Callable[[Context, str], str | Outcome]"
    """Today's sign-in number at an institution, or how signing in went wrong."""
    signed_out: Callable[[str], bool]
    """What a refusal says → whether the sign-in is over."""

    own_rows: Callable[[Iterable[Order], str, str], list[Row]]
    """(our orders, pharmacy, day) → our own records of that day of the platform."""
    judge_row: "Callable[[Context, str, Result], str]"
    """(pharmacy, a row of the platform's verdicts) → what to do: empty, ``ask``, ``reverse``, ``undone`` or
    ``person``."""
    reconcile: "Callable[[Context, str, str], Tally | Outcome]"
    """(pharmacy, day) → what came of comparing that day, or how asking went wrong."""

    after_upload: Callable[[Order], str]
    """The step that follows an accepted 6201."""
    stands: Callable[[Order], bool]
    """Whether the shop order that is there already is the one asked for again."""
    admit: Callable[[Order], str]
    """Why the order may not be sent at all."""
    consent: Callable[[Settings, Order, int], Consent | None]
    """The consent that may serve this order now."""
    consent_over: Callable[[str], bool]
    """What a refusal says → whether the buyer must consent anew."""
    note_before: "Callable[[Context, Order], Order]"
    """Writes down what is about to be sent."""
    after_silence: Callable[[Order, str], str]
    """(order, code that got no answer) → the next step."""
    next_wait_ms: Callable[[Settings, Order], int | None]
    """Pause before the next try; None when it is a person's turn."""
    pause_ms: Callable[[int, int], int]
    """(our own pause, what the platform's Retry-After asks for) → how long to wait."""
    watch: Callable[[Order], bool]
    """Whether to keep asking about an order the buyer is to confirm."""
    learn: Callable[[Order, Json], Order]
    """What 6301 said, added to what we know."""
    choose_undo: Callable[[Order], str]
    """``6401``, ``6203``, ``2103``, ``2601``, ``wait`` or ``none``."""
    may_reverse: Callable[[Order], bool]
    """Whether 2601 may (still) be sent."""
    refund_needs: Callable[[Order], str]
    """Why a 6203 must not be sent now."""
    refund_next: Callable[[str], str]
    """refStatus → the next step; empty when a person must look."""

    goods: GoodsParts
    """Everything about goods: what may leave, how it is reported, what comes back."""

    take_notice: "Callable[[Context, bytes], bytes]"
    """The inbox: raw notice → raw answer."""
    heed: "Callable[[Context], int]"
    """Works off what the inbox holds."""
    heed_notice: Callable[[Order, Json], Order]
    """What a stored notice changes; sound: it only makes us ask."""

    believe: Callable[[Order], Belief]
    shown: Callable[[Order, Belief], str]
    """What the user reads."""
    may_ship: Callable[[Order, Belief], bool]
    needs_person: Callable[[Order, Belief], bool]
    """Whether the order stands in the list a person reads."""
    crash: Callable[[str], None]
    """Called at named points; does nothing unless a crash is armed."""
    steps: "Mapping[str, Step]"
    """``Order.step`` → what it does."""
    begin: "Callable[[Context, Order], Order]"
    """Takes a new order on and walks it as far as it goes."""


@dataclass(frozen=True, slots=True)
class Context:
    """What every step of the channel works with."""

    settings: Settings
    parts: Parts
    notebook: Notebook
    transport: Transport
    clock: Callable[[], int]

    def now_ms(self) -> int:
        """The channel's time."""
        return self.clock()

    def keep(self, order: Order) -> Order:
        """Write the order down and go on with it."""
        self.notebook.keep(order)
        return order

    def compose(self, code: str, order: Order) -> Json:
        """The content of a message about an order."""
        return self.parts.compose[code](self.settings, order, self.now_ms())

    def serial(self, letter: str) -> str:
        """A fresh serial number of at most 20 characters: letter, our prefix, 12 digits."""
        return f"{letter}{self.settings.serial_prefix}{self.notebook.next_number('serial'):012d}"


Step: TypeAlias = Callable[[Context, Order], Order]
"""One step of an order: does it, writes it down, and says what comes next and when."""
