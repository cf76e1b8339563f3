"""The catalogue that ships with the project: common OTC packs, some prescription drugs, some odd prices.

Names, dosage forms and makers are facts of public knowledge; a pack of this list is an illustration, no
register. ``code_status`` says what a code is: ``real`` = this national code belongs to this registered name
(the rest of the row is left empty where it is not known), ``synthetic`` = the published structure with a
maker number of the free range 99xxx. OTC class, level, share, price and cap of every row are house, checked
against no official list; ``online_barred`` follows the kinds named in the list of drugs barred from online
sale of 2022-12-01. Trace prefixes are inventions. Rows that exist for the suite: packs priced above their
cap, loose units priced with four decimals (3 at 0.3350 is 1.005), one name sold both with and without
prescription, and the three prices of the specification's worked settlement (甲 19.80, 乙 25.00, 丙 15.00).
"""

from functools import cache
from importlib.resources import files

from simulator.domain.records import Drug
from simulator.worlds.importer import CatalogueError, read_text


def shipped() -> list[Drug]:
    """All packs of ``catalogue.csv``, in its order."""
    return list(_shipped())


@cache
def _shipped() -> tuple[Drug, ...]:
    found = read_text(files("simulator.worlds").joinpath("catalogue.csv").read_text(encoding="utf-8"))
    if found.rejected:
        first = found.rejected[0]
        raise CatalogueError(f"catalogue.csv, line {first.line}, {first.field}: {first.reason_en}")
    return found.accepted
