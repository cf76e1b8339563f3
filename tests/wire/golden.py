"""The golden vectors, and the two sides that the tests of the wire play."""

from pathlib import Path
from typing import Any

from schemas import jsontext
from simulator.wire.sealed import Credentials
from simulator.wire.sm2 import PrivateKey

VECTORS = Path(__file__).parents[2] / "schemas" / "vectors"


def golden(name: str) -> Any:
    """One file of ``schemas/vectors``."""
    return jsontext.parse((VECTORS / f"{name}.json").read_bytes())


SEALED = golden("sealed")
KEYS = SEALED["keys"]
APP_ID, APP_SECRET = KEYS["appId"], KEYS["appSecret"]
CHANNEL_KEY = PrivateKey.from_base64(KEYS["sm2_private_base64"])
PLATFORM_KEY = PrivateKey.from_seed("platform of the wire tests")
CHANNEL = Credentials(APP_ID, APP_SECRET, CHANNEL_KEY, PLATFORM_KEY.public)
PLATFORM = Credentials(APP_ID, APP_SECRET, PLATFORM_KEY, CHANNEL_KEY.public)
TIMESTAMP = "20260101120000"


def vector(name: str) -> Any:
    """One sealed vector by its name."""
    return next(each for each in SEALED["vectors"] if each["name"] == name)
