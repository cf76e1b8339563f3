"""What an errand of the terse control may end in, and the few moves all its errands share."""

from typing import Final

from conformance.channels.controls.driving import Outside
from conformance.channels.controls.terse import saying
from conformance.channels.controls.terse.sheet import Row, Sheet
from conformance.channels.controls.wire import Json, Wire
from conformance.channels.reference.outcomes import Answered, Outcome, Refused, Silent, Undelivered
from simulator.wire.timestamps import digits14

NAPS_MS: Final = (20_000, 120_000, 600_000, 1_200_000)
"""Between two questions; after the last one somebody else must decide."""


class Later(Exception):
    """Nothing more can be done now: go on when the alarm rings, after ``quiet_ms`` at the earliest."""

    def __init__(self, quiet_ms: int = 0) -> None:
        super().__init__()
        self.quiet_ms = quiet_ms


class Over(Exception):
    """The order has come to an end: its last word, and why."""

    def __init__(self, word: str, why: str, *, for_good: bool = True) -> None:
        super().__init__(why)
        self.word = word
        self.why = why
        self.for_good = for_good


class Said(Exception):
    """The platform, under its own signature, said no."""


class Errands:
    """The line, the sheet, and how the two are kept in step."""

    def __init__(self, outside: Outside, sheet: Sheet) -> None:
        self.outside = outside
        self.sheet = sheet
        self.wire = Wire.of(outside.settings, outside.transport, outside.clock, sheet)

    def number(self, row: Row, letter: str) -> str:
        """A serial of ours: the count first, so that it reads unlike any other channel's."""
        return f"{self.sheet.next_number('serial'):09d}{letter}{self.outside.settings.serial_prefix}"

    def answer(self, row: Row, outcome: Outcome) -> Json:
        """The content of a good answer.

        Raises:
            Said: a refusal.
            Later: no answer worth the name; what is noted as unheard stays so, unless it never left.
        """
        if isinstance(outcome, Answered):
            return outcome.data
        if isinstance(outcome, Refused) and outcome.signed:
            raise Said(outcome.why)
        if isinstance(outcome, Undelivered):
            row.unheard = ""
        raise Later(outcome.retry_after_ms if isinstance(outcome, Silent | Undelivered) else 0)

    def change(self, row: Row, code: str, data: Json) -> Json:
        """Send what may move money: the row says so before it leaves, and no longer once it is answered."""
        row.unheard, row.word = code, "in_doubt"
        row.wake = self.wire.now_ms() + NAPS_MS[0]
        self.sheet.save(row)
        outcome = self.wire.send(code, data)
        self.outside.crash(f"after_send:{code}")
        try:
            told = self.answer(row, outcome)
        except Said:
            row.unheard = ""
            raise
        row.unheard = ""
        return told

    def frame(self, row: Row, code: str, content: Json, msgid: str = "") -> Outcome:
        """One message of the shop's, signed in first when the day is new."""
        sign_no = self.signed_in(row.org)
        if not isinstance(sign_no, str):
            return sign_no
        insured_at = row.payer.get("insuplc_admdvs", "")
        msgid = msgid or self.wire.msgid(row.org)
        outcome = self.wire.frame(code, row.org, content, msgid=msgid, sign_no=sign_no, insured_at=insured_at)
        if isinstance(outcome, Refused) and "签到" in outcome.why:
            self.sheet.keep_sign_no(row.org, "", "")
            return Undelivered(outcome.why)
        return outcome

    def file(self, org: str, content: Json) -> bytes | Outcome:
        """A file of the shop's."""
        sign_no = self.signed_in(org)
        return self.wire.file(org, content, sign_no=sign_no) if isinstance(sign_no, str) else sign_no

    def signed_in(self, org: str) -> str | Outcome:
        """Today's sign-in; a day that is new begins with one."""
        day = digits14(self.wire.now_ms())[:8]
        if known := self.sheet.sign_no(org, day):
            return known
        outcome = self.wire.frame("9001", org, saying.sign_in(), msgid=self.wire.msgid(org))
        if not isinstance(outcome, Answered):
            return outcome
        sign_no = str(outcome.data["signinoutb"]["sign_no"])
        self.sheet.keep_sign_no(org, day, sign_no)
        return sign_no
