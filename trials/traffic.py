"""What goes on meanwhile: texts and calls come in, texts go out."""

import asyncio
from contextlib import suppress
import time
from typing import TYPE_CHECKING, Self

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    TCPConnector,
    hdrs,
)

from demo.line import ADA_NUMBER

from .evidence import Arrival, Outcome, Send

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from random import Random

    from demo.phone import Phone

    from .house import House
    from .notes import Kind

_BEN_NUMBER = "+2348031234567"
_SENDERS = (ADA_NUMBER, _BEN_NUMBER, "MTN")
_SECONDS_BETWEEN_ARRIVALS = 0.5
_SECONDS_BETWEEN_SENDS = 0.7
_LARGEST_BURST = 5
_ONE_IN = 8
_PATIENCE = ClientTimeout(total=20)
_ACTION = "/api/services/cecula_sync/send_sms?return_response"


class Traffic:
    """Goes on by itself until it is stopped."""

    paused = False
    """Set for a time in which nothing new begins."""

    def __init__(self, house: House, random: Random) -> None:
        """Take whose line is busy."""
        self.arrivals: list[Arrival] = []
        self.sends: list[Send] = []
        self._phone = house.phone
        self._random = random
        self._number = 0
        # A new connection for each: one that is kept may be a dead process's.
        self._owner = ClientSession(
            house.home.url,
            headers={hdrs.AUTHORIZATION: f"Bearer {house.token}"},
            connector=TCPConnector(force_close=True),
            timeout=_PATIENCE,
        )
        self._under_way: set[asyncio.Task[None]] = set()
        self._sources: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Let it begin."""
        for source in (
            self._repeat(_SECONDS_BETWEEN_ARRIVALS, self._let_come),
            self._repeat(_SECONDS_BETWEEN_SENDS, self._let_go),
        ):
            self._sources.append(asyncio.create_task(source))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Begin nothing new, and wait for what is under way."""
        for source in self._sources:
            source.cancel()
        try:
            for source in self._sources:
                with suppress(asyncio.CancelledError):
                    await source
            await asyncio.gather(*self._under_way)
        finally:
            await self._owner.close()

    async def _repeat(self, seconds: float, begin: Callable[[], None]) -> None:
        while True:
            if not self.paused:
                begin()
            await asyncio.sleep(self._random.expovariate(1 / seconds))

    def _let_come(self) -> None:
        burst = self._random.randint(2, _LARGEST_BURST)
        for _ in range(1 if self._random.randrange(_ONE_IN) else burst):
            self._number += 1
            if self._random.random() < 1 / 2:
                sender = self._random.choice(_SENDERS)
                work = receive(self._phone, "sms", f"in {self._number}", sender)
            else:
                caller = f"+234803{self._number:07}"
                work = receive(self._phone, "call", caller, caller)
            self._spawn(self._note(work))

    async def _note(self, work: Coroutine[None, None, Arrival]) -> None:
        self.arrivals.append(await work)

    def _let_go(self) -> None:
        self._number += 1
        both = [ADA_NUMBER, _BEN_NUMBER]
        recipients = both[: self._random.randint(1, len(both))]
        self._spawn(self._send(f"out {self._number}", recipients))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _send(self, text: str, recipients: list[str]) -> None:
        asked_at = time.time()
        outcome: Outcome = "unknown"
        tracking_ids: list[str] = []
        body = {"message": text, "recipients": recipients}
        try:
            async with self._owner.post(_ACTION, json=body) as response:
                if response.ok:
                    told = (await response.json())["service_response"]["recipients"]
                    ids = [each["tracking_id"] for each in told]
                    tracking_ids = [each for each in ids if each is not None]
                outcome = "accepted" if tracking_ids else "refused"
        except ClientConnectorError:
            # Nobody was there to be asked.
            return
        except ClientError, TimeoutError:
            pass
        self.sends.append(
            Send(
                text=text,
                asked_at=asked_at,
                answered_at=time.time(),
                outcome=outcome,
                tracking_ids=tracking_ids,
            )
        )


async def receive(phone: Phone, kind: Kind, mark: str, number: str) -> Arrival:
    """Let one text or missed call come in."""
    asked_at = time.time()
    if kind == "sms":
        answer = await phone.act("receive_sms", sender=number, text=mark)
    else:
        answer = await phone.act("receive_call", caller=number, duration_seconds=0)
    return Arrival(
        kind=kind,
        mark=mark,
        asked_at=asked_at,
        answered_at=time.time(),
        statuses=answer["webhook"],
    )
