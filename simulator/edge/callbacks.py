"""Where the platform may send notices: to this machine, to a channel in this process, elsewhere only when allowed."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from simulator.assembly import Platform
from simulator.misuse import Misuse

LOCAL = "local:"


def check_url(platform: Platform, url: str) -> None:
    """Whether notices may go there; an empty address stops them.

    Raises:
        Misuse: not a web address, or not of this machine.
    """
    if not url or url.startswith(LOCAL):
        return
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # reading it checks it
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Misuse("url", "回调地址应为http(s)://主机:端口/路径", "an address reads http(s)://host:port/path")
    if not (platform.allow_remote_callbacks or _on_this_machine(parts.hostname)):
        raise Misuse(
            "url",
            "只允许本机回调地址；如确需其他主机，请以--allow-remote-callbacks启动",
            "only addresses of this machine; start with --allow-remote-callbacks for others",
        )


def _on_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
