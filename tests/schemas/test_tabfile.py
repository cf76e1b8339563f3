"""A ZIP that is not the one list it should be is refused before it can do harm."""

import io
import struct
import zipfile
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import tabfile
from schemas.tabfile import TabFileError

ROWS = [["a", "", "丙"], ["1", "2", "3"]]


def test_what_is_packed_is_unpacked_with_null_for_empty() -> None:
    assert tabfile.unpack(tabfile.pack("f", ROWS), most_rows=2) == ROWS
    assert tabfile.pack("f", ROWS) == tabfile.pack("f", ROWS)
    assert b"a\tnull\t" in zipfile.ZipFile(io.BytesIO(tabfile.pack("f", ROWS))).read("f.txt")


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as held:
        for name, content in members.items():
            held.writestr(name, content)
    return made.getvalue()


def test_line_ends_marks_and_folders_of_other_systems_are_read() -> None:
    raw = archive({"out/": b"", "out/LIST.TXT": "\ufeffa\tb\r\nc\td\r\n\r\n".encode()}, zipfile.ZIP_STORED)
    assert tabfile.unpack(raw, most_rows=9) == [["a", "b"], ["c", "d"]]


def encrypted() -> bytes:
    """The flag of a password on the one member, in both headers."""
    raw = bytearray(archive({"f.txt": b"a\tb\n"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.index(mark) + offset
        raw[place : place + 2] = struct.pack("<H", struct.unpack("<H", raw[place : place + 2])[0] | 1)
    return bytes(raw)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        pytest.param(b"", "zip", id="nothing"),
        pytest.param(archive({}), "zip", id="no member"),
        pytest.param(archive({"a.txt": b"", "b.txt": b""}), "zip", id="two members"),
        pytest.param(archive({"a.zip": archive({"a.txt": b""})}), "zip", id="a ZIP in a ZIP"),
        pytest.param(archive({"a.txt": b"a"}, zipfile.ZIP_BZIP2), "zip", id="another method"),
        pytest.param(archive({"a.txt": b"a"}, zipfile.ZIP_LZMA), "zip", id="a third method"),
        pytest.param(encrypted(), "zip", id="a password"),
        pytest.param(archive({"a.txt": b"a\tb\n" * 100})[:-30], "zip", id="cut off"),
        pytest.param(archive({"a.txt": bytes(tabfile.MAX_TEXT_BYTES + 1)}), "zip", id="a bomb"),
        pytest.param(archive({"a.txt": "好\n好\n".encode("gb18030")}), "text", id="GBK"),
        pytest.param(archive({"a.txt": b"a\n" * 4}), "too_long", id="too many rows"),
    ],
)  # fmt: skip
def test_a_zip_that_is_not_one_list_is_refused(raw: bytes, kind: str) -> None:
    with pytest.raises(TabFileError) as refused:
        tabfile.unpack(raw, most_rows=3)
    assert refused.value.kind == kind


def test_bytes_that_are_not_utf_8_are_named_by_line() -> None:
    with pytest.raises(TabFileError) as refused:
        tabfile.unpack(archive({"a.txt": b"a\nb\n\xff\n"}), most_rows=9)
    assert refused.value.line == 3


def test_a_size_that_lies_does_not_unpack_more_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabfile, "MAX_TEXT_BYTES", 1_000)
    raw = archive({"a.txt": b"a" * 5_000}).replace(struct.pack("<L", 5_000), struct.pack("<L", 10))
    with pytest.raises(TabFileError):
        tabfile.unpack(raw, most_rows=3)


GOOD = archive({"list.txt": b"110100S1\t110100G1\t99\t1.00\t0.00\t1.00\t0\n" * 3})


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_damage_to_a_zip_does_more_than_get_it_refused(data: Any) -> None:
    raw = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    for broken in (bytes(raw), bytes(raw[:cut]), bytes(raw[cut:])):
        with suppress(TabFileError):
            tabfile.unpack(broken, most_rows=9)
