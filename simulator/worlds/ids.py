"""Identifiers of people and institutions that cannot belong to anyone.

Area 990000 is assigned to no place, phone numbers beginning with 100 to no subscriber, and the five last
characters of our institution codes begin with 9. The check characters are right (GB 11643, GB 11714, GB
32100), so that whatever validates them is content.
"""

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass, field

TEST_AREA = "990000"
EPOCH = datetime.date(2024, 7, 1)
"""The day ages are counted from, so that a seed means the same people in every year."""

_CERT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CERT_CHECKS = "10X98765432"
_ORGAN_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def certno(*, birthday: datetime.date, serial: int, area: str = TEST_AREA) -> str:
    """An 18-character identity number; an odd ``serial`` (0–999) is a man's (GB 11643)."""
    body = f"{area}{birthday:%Y%m%d}{serial:03d}"
    return body + certno_check(body)


def certno_check(body: str) -> str:
    """The check character of the first 17 digits of an identity number (GB 11643)."""
    return _CERT_CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _CERT_WEIGHTS, strict=True)) % 11]


def psn_no(number: int) -> str:
    """A person number of the platform, 20 digits."""
    return f"{TEST_AREA}{number:014d}"


def card_no(number: int) -> str:
    """A social-security card number: a letter and eight digits."""
    return f"T{number:08d}"


def phone(number: int) -> str:
    """A mobile number no operator assigns."""
    return f"100{number:08d}"


def ec_user_id(number: int) -> str:
    """The person's id at the e-voucher app."""
    return f"EC{TEST_AREA}{number:012d}"


def pharmacy_code(area: str, number: int) -> str:
    """A designated pharmacy's code: P, division, 9 and four digits (the fixed 9 is ours)."""
    return f"P{area}9{number:04d}"


def uscc(number: int) -> str:
    """A unified social credit code of a company in the unassigned area (GB 32100, GB 11714 inside)."""
    organ = f"T{number:07d}"
    body = f"91{TEST_AREA}{organ}{_organ_check(organ)}"
    total = sum(_CREDIT_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + _CREDIT_ALPHABET[-total % 31]


def _organ_check(organ: str) -> str:
    remainder = -sum(int(sign, 36) * weight for sign, weight in zip(organ, _ORGAN_WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)


@dataclass(slots=True)
class Ids:
    """Draws identifiers from one seeded source and never draws one twice."""

    rng: random.Random
    _drawn: set[str] = field(default_factory=set)

    def certno(self, *, birthday: datetime.date, male: bool) -> str:
        """An identity number with that birthday and sex; raises ``RuntimeError`` when the day is full."""
        return self._fresh(lambda: certno(birthday=birthday, serial=2 * self.rng.randrange(500) + male))

    def psn_no(self) -> str:
        """See ``psn_no``."""
        return self._fresh(lambda: psn_no(self.rng.randrange(10**14)))

    def card_no(self) -> str:
        """See ``card_no``."""
        return self._fresh(lambda: card_no(self.rng.randrange(10**8)))

    def phone(self) -> str:
        """See ``phone``."""
        return self._fresh(lambda: phone(self.rng.randrange(10**8)))

    def ec_user_id(self) -> str:
        """See ``ec_user_id``."""
        return self._fresh(lambda: ec_user_id(self.rng.randrange(10**12)))

    def _fresh(self, draw: Callable[[], str]) -> str:
        for _ in range(10_000):
            text = draw()
            if text not in self._drawn:
                self._drawn.add(text)
                return text
        raise RuntimeError("no identifier of this form is left: the world has too many people for it")
