"""Files are kept for one owner and a time."""

import pytest

from simulator.domain import files
from simulator.domain.moment import DAY_MS
from simulator.domain.refused import Refusal
from simulator.domain.rules import Switches
from tests.simulator.domain.scene import SHOP, Scene


def rule_of(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.rule


def test_numbers_differ_and_have_the_published_shape() -> None:
    unit = Scene().unit
    numbers = [
        files.keep(unit, filename="f.zip", fixmedins_code=owner, content=b"x").file_qury_no
        for owner in (files.PUBLIC, files.PUBLIC, SHOP)
    ]
    assert len(set(numbers)) == 3 and all(len(number) == 30 for number in numbers)
    assert numbers[0].startswith("fsi/plc/") and numbers[2].startswith("fsi/org/")


def test_the_content_of_what_has_expired_is_let_go() -> None:
    scene = Scene(switches=Switches(file_days=1))
    old = files.keep(scene.unit, filename="f.zip", fixmedins_code=SHOP, content=b"x")
    assert files.fetch(scene.unit, old.file_qury_no, fixmedins_code=SHOP).content == b"x"
    scene.later(DAY_MS)
    with pytest.raises(Refusal) as refused:
        files.fetch(scene.unit, old.file_qury_no, fixmedins_code=SHOP)
    assert rule_of(refused) == "file_expired"
    files.keep(scene.unit, filename="g.zip", fixmedins_code=SHOP, content=b"y")
    left = scene.unit.get(files.File, old.file_qury_no)
    assert left is not None and left.content == b""
    with pytest.raises(Refusal) as refused:
        files.fetch(scene.unit, old.file_qury_no, fixmedins_code=SHOP)
    assert rule_of(refused) == "file_expired"
