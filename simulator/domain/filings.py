"""What an agency has on file about a person: chronic diseases (5301) and chosen institutions (5302)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from simulator.domain.baskets import text
from simulator.domain.consent import person_by
from simulator.domain.moment import date10
from simulator.domain.ports import Unit
from simulator.domain.records import Institution
from simulator.domain.refused import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChronicFiling:
    """A chronic disease a person is registered with."""

    KEY: ClassVar[str] = "filing_key"
    INDEXES: ClassVar[tuple[str, ...]] = ("psn_no",)

    filing_key: str
    """``psn_no/opsp_dise_code``."""
    psn_no: str
    opsp_dise_code: str
    opsp_dise_name: str
    begndate: str
    enddate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenInstitution:
    """An institution a person is registered with for a kind of business (``biz_appy_type``)."""

    KEY: ClassVar[str] = "filing_key"
    INDEXES: ClassVar[tuple[str, ...]] = ("psn_no",)

    filing_key: str
    """``psn_no/biz_appy_type/fixmedins_code``."""
    psn_no: str
    biz_appy_type: str
    fixmedins_code: str
    fixmedins_name: str
    insutype: str
    begndate: str
    enddate: str = ""


def chronic_filings(unit: Unit, psn_no: str) -> list[dict[str, Any]]:
    """Rows of 5301, oldest first."""
    return [
        {
            "opsp_dise_code": filing.opsp_dise_code, "opsp_dise_name": filing.opsp_dise_name,
            "begndate": filing.begndate, "enddate": filing.enddate,
        }
        for filing in unit.find(ChronicFiling, "psn_no", psn_no)
    ]  # fmt: skip


def chosen_institutions(unit: Unit, psn_no: str, biz_appy_type: str) -> list[dict[str, Any]]:
    """Rows of 5302 for one kind of business, numbered in the order they were chosen."""
    chosen = [one for one in unit.find(ChosenInstitution, "psn_no", psn_no) if one.biz_appy_type == biz_appy_type]
    return [
        {
            "psn_no": psn_no, "insutype": one.insutype, "fix_srt_no": str(number), "fixmedins_code": one.fixmedins_code,
            "fixmedins_name": one.fixmedins_name, "begndate": one.begndate, "enddate": one.enddate,
        }
        for number, one in enumerate(chosen, 1)
    ]  # fmt: skip


def file_chronic(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """The agency registers a chronic disease (house: 2503 is not a pharmacy's).

    Raises:
        Refusal: ``unknown_person``, ``change_value``.
    """
    person = person_by(unit, text(body, "psn_no"))
    code, name = (_told(body, field) for field in ("opsp_dise_code", "opsp_dise_name"))
    filing = ChronicFiling(
        filing_key=f"{person.psn_no}/{code}", psn_no=person.psn_no, opsp_dise_code=code, opsp_dise_name=name,
        begndate=text(body, "begndate") or date10(unit.now_ms), enddate=text(body, "enddate"),
    )  # fmt: skip
    unit.put(filing)
    return {"psn_no": person.psn_no, "opsp_dise_code": code}


def choose_institution(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """The agency registers the institution a person chose (house: 2505 is not a pharmacy's).

    Raises:
        Refusal: ``unknown_person``, ``unknown_institution``, ``change_value``.
    """
    person = person_by(unit, text(body, "psn_no"))
    code = text(body, "fixmedins_code")
    institution = unit.get(Institution, code)
    if institution is None:
        raise Refusal("unknown_institution", "fixmedins_code", value=code)
    kind = _told(body, "biz_appy_type")
    unit.put(
        ChosenInstitution(
            filing_key=f"{person.psn_no}/{kind}/{code}", psn_no=person.psn_no, biz_appy_type=kind, fixmedins_code=code,
            fixmedins_name=institution.fixmedins_name, insutype=person.insutype,
            begndate=text(body, "begndate") or date10(unit.now_ms), enddate=text(body, "enddate"),
        )
    )  # fmt: skip
    return {"psn_no": person.psn_no, "fixmedins_code": code}


def _told(body: Mapping[str, Any], field: str) -> str:
    value = text(body, field)
    if not value:
        raise Refusal("change_value", field)
    return value
