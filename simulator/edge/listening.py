"""A socket and a server on it: the simulator's one door to uvicorn."""

import asyncio
import socket
from collections.abc import Callable

import uvicorn

from simulator.edge.asgi import Application

_BACKLOG = 2_048
GRACE_SECONDS = 2
"""How long requests that are being answered may take when the server is told to stop."""


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


def server(application: Application) -> uvicorn.Server:
    """A server that is not running yet: ``run(sockets=[…])`` serves until it is told to stop."""
    return uvicorn.Server(_config(application))


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes the event loop a server would run in."""
    return _config(None).get_loop_factory()


def _config(application: Application | None) -> uvicorn.Config:
    return uvicorn.Config(
        application or "",
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
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
