"""The client: one private request, and one short method for each operation.

Paths are those of the provider's PHP client; its published reference names none.
"""

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from http import HTTPMethod
from typing import Final
from urllib.parse import quote

import aiohttp
from yarl import URL

from . import fields, responses
from .exceptions import (
    CeculaConnectionError,
    CeculaCutShortError,
    CeculaOutcomeUnknownError,
    CeculaUnavailableError,
    CeculaUnreadableError,
)
from .models import (
    CallReport,
    Dialect,
    InboundItem,
    SendReceipt,
    SmsReport,
    Subscription,
    UnreadableItem,
)
from .webhook import (
    parse_call_report,
    parse_missed_calls,
    parse_sms_list,
    parse_sms_report,
)

CLOUD_URL: Final = "https://cecula.com/sync/api"

# What is not repeated may wait for the SIM; a read that is slow is asked again later.
_SEND_TIMEOUT: Final = aiohttp.ClientTimeout(total=60)
_READ_TIMEOUT: Final = aiohttp.ClientTimeout(total=20)
# Ten thousand texts of full length; more is no answer of this provider.
_LARGEST_ANSWER: Final = 16 * 1024 * 1024

type Keep = Callable[[bytes], Awaitable[None]]


class _Repeat(Enum):
    """Whether a request may reach the provider twice."""

    READ = "may be repeated"
    NEVER = "must not be repeated, nor by aiohttp"


class _ConnectionDropped(Exception):  # noqa: N818 (a signal between two functions)
    """A connection that ended before its answer."""


async def _never_repeated(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Hide a dropped connection from aiohttp, which would send a GET again.

    A connection that never stood is left alone: nothing went over it.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as err:
        raise _ConnectionDropped from err


class CeculaSyncClient:
    """One dedicated number, reached with one API key over an injected session."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_key: str,
        *,
        base_url: str = CLOUD_URL,
        dialect: Dialect | None = None,
    ) -> None:
        """Take the session, the key, and how this line spells numbers and times."""
        self._session = session
        self._api_key = api_key
        self._base_url = URL(base_url)
        self.dialect = dialect or Dialect()

    async def send_sms(self, text: str, recipients: Sequence[str]) -> SendReceipt:
        """Send one text to E.164 numbers, in one request.

        Raises `CeculaAuthenticationError`, `CeculaRejectedError`,
        `CeculaConnectionError` (surely nothing was sent) or
        `CeculaOutcomeUnknownError` (it may have been sent).
        """
        payload = {"text": text, "recipients": ",".join(recipients)}
        body = await self._send("send-sms", payload)
        return responses.parse_receipt(body, recipients, self.dialect)

    async def place_call(self, receiver: str) -> str:
        """Ring one E.164 number, without speech; return the call's id.

        Raises like `send_sms`.
        """
        body = await self._send("flash-number", {"receiver": receiver})
        return responses.parse_call_id(body)

    async def sms_status(self, tracking_id: str) -> SmsReport:
        """Ask what became of a sent SMS."""
        body = await self._read("sent-sms-status", tracking_id)
        source = fields.as_object(fields.decode(body))
        return parse_sms_report({**source, "messageId": tracking_id}, self.dialect)

    async def call_status(self, call_id: str) -> CallReport:
        """Ask what became of a placed call."""
        body = await self._read("dialled-call-status", call_id)
        source = fields.as_object(fields.decode(body))
        return parse_call_report({**source, "callId": call_id}, self.dialect)

    async def take_new_sms(self, keep: Keep) -> list[InboundItem | UnreadableItem]:
        """Take the unread SMS, which the provider may not hand out again.

        `keep` gets the raw answer before anything is read from it.
        """
        body = await self._take("get-new-sms")
        await keep(body)
        return parse_sms_list(body, self.dialect)

    async def take_missed_calls(self, keep: Keep) -> list[InboundItem | UnreadableItem]:
        """Take the new missed calls; as `take_new_sms`."""
        body = await self._take("new-missed-calls")
        await keep(body)
        return parse_missed_calls(body, self.dialect)

    async def set_sms_auto_response(self, text: str) -> None:
        """Set the answer to every inbound SMS; empty clears it (our assumption).

        Raises `CeculaUnreadableError` for an answer that the provider never gives, as
        a proxy's page: then nobody knows whether it was set.
        """
        await self._change("set-sms-autoresponse", {"text": text})

    async def set_call_auto_response(self, text: str) -> None:
        """Set the billable SMS for whoever calls; as `set_sms_auto_response`."""
        await self._change("set-call-autoresponse", {"text": text})

    async def balance(self) -> float:
        """Return the balance in Cecula credit."""
        return responses.parse_balance(await self._read("cecula-balance"))

    async def number(self) -> str:
        """Return the dedicated number as E.164.

        Raises `CeculaNotFoundError` where the server has no such operation.
        """
        return responses.parse_number(await self._read("number"))

    async def subscription(self) -> Subscription:
        """Return the subscription's state."""
        body = await self._read("subscription-status")
        return responses.parse_subscription(body, self.dialect)

    async def sim_status(self) -> str:
        """Return the SIM's state in lower case."""
        return responses.parse_sim_status(await self._read("management", "sim-status"))

    async def refresh_sim(self) -> None:
        """Free a SIM whose messages are frozen; not repeated, for it acts.

        Raises `CeculaUnreadableError` where no object says that it was done.
        """
        fields.as_object(fields.decode(await self._take("management", "refresh-sim")))

    async def _send(self, path: str, payload: dict[str, str]) -> bytes:
        """Post what costs money; every ending but a certain one is unknown."""
        try:
            return await self._request(
                HTTPMethod.POST, path, payload=payload, repeat=_Repeat.NEVER
            )
        except (CeculaUnavailableError, CeculaUnreadableError) as err:
            raise CeculaOutcomeUnknownError(str(err)) from err

    async def _change(self, path: str, payload: dict[str, str]) -> None:
        """Set something; an empty answer counts as success (undocumented)."""
        body = await self._request(
            HTTPMethod.PATCH, path, payload=payload, repeat=_Repeat.NEVER
        )
        if body.strip():
            fields.decode(body)

    async def _read(self, *path: str) -> bytes:
        return await self._request(HTTPMethod.GET, *path)

    async def _take(self, *path: str) -> bytes:
        return await self._request(HTTPMethod.GET, *path, repeat=_Repeat.NEVER)

    async def _request(
        self,
        method: HTTPMethod,
        *path: str,
        payload: dict[str, str] | None = None,
        repeat: _Repeat = _Repeat.READ,
    ) -> bytes:
        """Make one request and return the body of an answer that reports no error."""
        body = bytearray()
        try:
            async with self._session.request(
                method,
                self._url(*path),
                json=payload,
                headers=self._headers(),
                timeout=_READ_TIMEOUT if repeat is _Repeat.READ else _SEND_TIMEOUT,
                allow_redirects=False,
                middlewares=(_never_repeated,) if repeat is _Repeat.NEVER else None,
            ) as response:
                await _read_into(body, response)
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as err:
            raise CeculaConnectionError(type(err).__name__) from err
        except (aiohttp.ClientError, _ConnectionDropped, TimeoutError, OSError) as err:
            if body and method is HTTPMethod.GET and repeat is _Repeat.NEVER:
                raise CeculaCutShortError(_ending(err), bytes(body)) from err
            raise CeculaUnavailableError(_ending(err)) from err
        responses.raise_for_error(response.status, bytes(body))
        return bytes(body)

    def _url(self, *path: str) -> URL:
        """Append a path; an id is one segment, whatever it holds."""
        segments = (quote(part, safe="") for part in path)
        return self._base_url.joinpath(*segments, encoded=True)

    def _headers(self) -> dict[str, str]:
        """Authorise, and ask for a connection of its own.

        On a kept-alive connection that the server just closed, a send would end
        unknown though it never left.
        """
        return {"Authorization": f"Bearer {self._api_key}", "Connection": "close"}


async def _read_into(body: bytearray, response: aiohttp.ClientResponse) -> None:
    """Read an answer as far as it comes, and no further than any is long."""
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _LARGEST_ANSWER:
            ending = "answer too large"
            raise CeculaUnavailableError(ending)


def _ending(err: BaseException) -> str:
    return "timeout" if isinstance(err, TimeoutError) else "connection dropped"
