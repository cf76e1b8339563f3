"""A socket and a server on it: the simulator's one door to uvicorn."""

import socket

import uvicorn

from simulator.assembly import Platform
from simulator.edge.asgi import HOLD_MS, Application

_BACKLOG = 2_048
_GRACE_SECONDS = 2


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    Raises:
        OSError: the address is taken or not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(_BACKLOG)
    except OSError:
        made.close()
        raise
    return made


def server(platform: Platform, *, hold_ms: int = HOLD_MS) -> uvicorn.Server:
    """A server that is not running yet: ``run(sockets=[…])`` serves until it is told to stop."""
    config = uvicorn.Config(
        Application(platform, hold_ms=hold_ms),
        http="auto",
        loop="auto",
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    return uvicorn.Server(config)
