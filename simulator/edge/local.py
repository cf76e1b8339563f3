"""The in-process transport: the same path as over HTTP, without sockets and without waiting."""

from dataclasses import replace

from simulator.assembly import Platform
from simulator.edge import courier, serve
from simulator.edge.answering import Answer
from simulator.exchange import CUT, RESET
from simulator.wire.transport import HttpReply, HttpRequest, NoAnswer


class LocalTransport:
    """Carries requests to a platform in this process; commits before it returns, as the server does.

    A fault that delays the answer beyond ``timeout_ms`` ends in ``NoAnswer``, and takes no time.
    """

    def __init__(self, platform: Platform, base_path: str = "") -> None:
        self._platform = platform
        self._base_path = base_path

    def send(self, request: HttpRequest, *, timeout_ms: int) -> HttpReply:
        """See ``Transport``."""
        request = replace(request, path=self._base_path + request.path)
        answer = serve.answer(self._platform, request) if serve.works_alone(request) else self._committed(request)
        if answer.told_first:
            courier.run(self._platform, answer.told_first)
        if answer.reply is None:
            raise NoAnswer("no answer")
        if answer.manner in (RESET, CUT):
            raise NoAnswer(f"the connection broke: {answer.manner}")
        if answer.delay_ms > timeout_ms:
            raise NoAnswer(f"no answer within {timeout_ms} ms")
        return answer.reply

    def _committed(self, request: HttpRequest) -> Answer:
        platform = self._platform
        with platform.lock:
            try:
                answer = serve.answer(platform, request)
            except BaseException:
                platform.store.rollback()
                raise
            platform.store.commit()
        return answer
