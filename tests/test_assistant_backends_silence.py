"""A provider that falls silent, at whatever point, is left; the time that takes passes at once."""

import pytest

from asked_backends import Clock, RacingLoop, backend, failure
from chat_wire import delta
from misbehaving_server import Connection, MisbehavingServer, Script, saying_nothing, stalling


@pytest.mark.parametrize(
    ("script", "come"),
    [(saying_nothing, 0), (stalling(), 1), (stalling(delta("It ")), 2)],
    ids=["no status", "no text", "no more text"],
)
def test_a_server_that_falls_silent_is_left(script: Script, come: int) -> None:
    loop = RacingLoop()

    class Watched(Clock):
        """Is looked at when the status comes, and at each piece."""

        def now(self) -> float:
            looked = super().now()
            if looked == come:
                loop.race()
            return looked

    def run(connection: Connection) -> None:
        if not come:
            loop.race()
        script(connection)

    with MisbehavingServer(run) as server:
        error = failure(backend(server.url, clock=Watched(step=1.0)), loop)
        assert str(error) == f"{server.authority} said nothing for 300 seconds"
        assert server.is_left()
