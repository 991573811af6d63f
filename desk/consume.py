"""``python -m desk consume``: writes events to SQL, and does the desk's chores, until told to stop.

Any number may run: one reads at a time, another takes over within 5 s. It may be killed anywhere.
"""

from __future__ import annotations

import contextlib
import signal
import threading

import structlog

from bot import logs
from bot.errors import BusError, SettingsError
from desk import prepare

_PAUSE = 0.5


class Consumer:
    """The loop. Everything that can be away may go away and come back."""

    def __init__(self) -> None:
        from desk.handoff.chores import Chores
        from desk.handoff.intake.reader import Reader
        from desk.office.chores import CHORES

        self._reader = Reader()
        self._chores = Chores(CHORES)
        self._stop = threading.Event()
        self._log = structlog.get_logger()
        self._well = True

    def stop(self, *_: object) -> None:
        """Stop after the batch in hand."""
        self._stop.set()

    def run(self) -> None:
        """Work until `stop`."""
        from django.db import connection

        from desk.handoff.intake.write import AWAY

        while not self._stop.is_set():
            try:
                self.step()
                self._recovered()
            except (BusError, SettingsError, *AWAY) as error:
                self._trouble(error)
                connection.close()
                self._reader.start_over()
                self._chores.all_due()
                self._stop.wait(_PAUSE)
        self._leave()

    def step(self) -> None:
        """One round: a batch of events, if any, then the chores that are due. Raises what `run` survives."""
        from desk.bus import bus, wake
        from desk.handoff.chores import put_up
        from desk.handoff.intake.write import write

        if not bus.call(self._reader.lead):
            self._stop.wait(_PAUSE)
            return
        entries = bus.call(self._reader.read)
        if entries:
            write(entries)
            bus.call(lambda redis: self._reader.acknowledge(redis, entries))
            wake()
            self._chores.soon(put_up)  # who asks next is told a place that counts these
        self._chores.do()

    def _leave(self) -> None:
        from desk.bus import bus

        with contextlib.suppress(BusError):  # the lease runs out by itself
            bus.call(self._reader.leave)

    def _trouble(self, error: Exception) -> None:
        if self._well:
            self._log.warning("waiting for Redis or SQL", problem=f"{type(error).__name__}: {error}")
        self._well = False

    def _recovered(self) -> None:
        if not self._well:
            self._log.info("going on")
        self._well = True


def main() -> int:
    """Run until SIGTERM or SIGINT."""
    logs.configure()
    prepare.set_up()
    prepare.migrate()
    consumer = Consumer()
    signal.signal(signal.SIGTERM, consumer.stop)
    signal.signal(signal.SIGINT, consumer.stop)
    consumer.run()
    return 0
