"""Test keys are reproducible, distinct, and cannot be taken for real ones."""

import re

from simulator.worlds.keyring import SEED_TEXT, channel_keys


def test_the_same_room_and_name_give_the_same_keys() -> None:
    assert channel_keys(7, "demo") == channel_keys(7, "demo") == channel_keys("7", "demo")


def test_another_room_or_name_gives_others() -> None:
    keys = [channel_keys(7, "demo"), channel_keys(8, "demo"), channel_keys(7, "other")]
    for field in ("app_id", "app_secret", "private", "platform_private", "paas_secret", "access_key", "cash_token"):
        assert len({getattr(each, field) for each in keys}) == 3, field


def test_the_parts_cannot_be_shifted_into_one_another() -> None:
    assert channel_keys("1\n2", "a").app_id != channel_keys("1", "2\na").app_id


def test_keys_say_what_they_are() -> None:
    keys = channel_keys(7, "demo")
    assert SEED_TEXT.startswith("TEST-ONLY")
    assert re.fullmatch(r"[0-9A-F]{32}", keys.app_id)
    assert re.fullmatch(r"[0-9A-F]{32}", keys.app_secret)
    for text in (keys.paasid, keys.paas_secret, keys.access_key, keys.secret_key, keys.cash_token):
        assert text.startswith("TEST-ONLY-")


def test_the_platform_registers_only_the_public_half() -> None:
    keys = channel_keys(7, "demo")
    record = keys.register(orgs=["P11010590001"], callback_url="http://127.0.0.1:9/notice")
    assert record.public_key == keys.private.public.to_base64()
    assert keys.private.to_base64() not in repr(record)
    assert record.orgs == ("P11010590001",)
    signature = keys.private.sign(b"message")
    assert keys.private.public.verify(b"message", signature)
