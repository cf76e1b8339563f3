"""From the body of ``configure`` to the channel's settings."""

from collections.abc import Mapping
from typing import Any

from conformance.channels.reference.settings import Gateway, Rotation, Settings, Shop
from simulator.wire.sealed import Credentials
from simulator.wire.sm2 import PrivateKey, PublicKey


def settings_from(body: Mapping[str, Any]) -> Settings:
    """The settings a checked ``configure`` body asks for.

    Raises:
        ValueError: a key that is none.
    """
    desk = body.get("cash_desk", {})
    return Settings(
        credentials=Credentials(
            app_id=body["app_id"], app_secret=body["app_secret"], private=PrivateKey.from_base64(body["private_key"]),
            peer=PublicKey.from_base64(body["platform_public_key"]),
        ),
        gateway=_gateway(body["gateway"]),
        shops={shop["fixmedins_code"]: _shop(shop) for shop in body["institutions"]},
        cash_path=str(desk.get("path", "/house/cash")).removeprefix(body["base_path"]),
        cash_token=str(desk.get("token", "")),
        sealed=body["sealed"],
        serial_prefix=f"{body['seed'] % 10_000:04d}",
    )  # fmt: skip


def rotation_from(body: Mapping[str, Any]) -> Rotation:
    """The change of keys a checked ``keys`` body announces.

    Raises:
        ValueError: a key that is none.
    """
    own, platform = body.get("private_key"), body.get("platform_public_key")
    return Rotation(
        from_ms=body["from_ms"], old_until_ms=body["old_until_ms"],
        private=PrivateKey.from_base64(own) if own else None,
        peer=PublicKey.from_base64(platform) if platform else None,
    )  # fmt: skip


def _shop(body: Mapping[str, str]) -> Shop:
    return Shop(
        fixmedins_code=body["fixmedins_code"], fixmedins_name=body["fixmedins_name"], admdvs=body["admdvs"]
    )  # fmt: skip


def _gateway(body: Mapping[str, str]) -> Gateway:
    if body["kind"] == "csb":
        return Gateway(kind="csb", key=body["accessKey"], secret=body["secretKey"])
    if body["kind"] == "tif":
        return Gateway(kind="tif", key=body["paasid"], secret=body["secret"])
    return Gateway()
