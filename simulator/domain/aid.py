"""Relatives who pay: who may, in which order, and out of which purse (order-life 9.17).

``draw`` debits the giver's own account. ``wallet`` debits a quota the giver set aside for this one relative: it is no
longer the giver's to spend, and what is left of it returns when the tie ends.
"""

from simulator.domain import ledger
from simulator.domain.ports import Unit
from simulator.domain.records import Person

NO_ACCOUNT = "390"
"""insutype of residents, who have no account of their own."""


def has_account(person: Person) -> bool:
    """Whether a person has a personal account at all."""
    return person.insutype != NO_ACCOUNT


def givers(unit: Unit, person: Person, acct_used_flag: str) -> list[Person]:
    """Relatives whose accounts may pay now, in filing order."""
    if not unit.city.mutual_aid:
        return []
    if acct_used_flag != "2" and not (unit.city.mutual_aid_default and acct_used_flag == "1"):
        return []
    area = unit.city.mutual_aid_area
    known = (unit.get(Person, psn_no) for psn_no in person.givers)
    return [
        giver
        for giver in known
        if giver and giver.psn_insu_stas == "1" and has_account(giver) and giver.insuplc_admdvs.startswith(area)
        and person.insuplc_admdvs.startswith(area)
    ]  # fmt: skip


def purse(unit: Unit, giver: str, psn_no: str) -> str:
    """The ledger account from which a giver pays for a person."""
    return ledger.quota(giver, psn_no) if unit.switches.aid == "wallet" else ledger.own(giver)
