"""Proof of a key before it is kept: which number it is, and whether it may send."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yarl import URL

from .api.exceptions import (
    CeculaAuthenticationError,
    CeculaError,
    CeculaNotFoundError,
    CeculaRejectedError,
    CeculaUnreadableError,
    SyncError,
)
from .api.models import Subscription
from .api.numbers import InvalidNumberError, Refusal, own_number, parse_recipient

if TYPE_CHECKING:
    from .api.client import CeculaSyncClient


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenAccount:
    """What the provider told of a key; `number` is E.164, None where it did not say."""

    number: str | None
    suspended: bool


def can_be_key(api_key: str) -> bool:
    """Tell whether a text can be sent as a key at all."""
    return api_key.isascii() and api_key.isprintable() and len(api_key.split()) == 1


def can_be_server(base_url: str) -> bool:
    """Tell whether a text is a web address that paths can follow, without secrets."""
    try:
        url = URL(base_url)
        host = url.host
    except ValueError:
        return False
    if url.user is not None or url.password is not None:
        return False
    if len(base_url.split()) != 1 or {"?", "#"} & set(base_url):
        return False
    return url.scheme in {"http", "https"} and bool(host)


async def async_prove(client: CeculaSyncClient) -> ProvenAccount:
    """Ask for number, balance and subscription, all at once.

    A server of one's own may lack the number and the subscription; a suspended
    service may refuse every question, which proves the key just as well. Raises
    `CeculaError`.
    """
    answers = await asyncio.gather(
        client.balance(),
        client.subscription(),
        client.number(),
        return_exceptions=True,
    )
    balance, subscription, number = answers
    for answer in answers:
        if isinstance(answer, CeculaAuthenticationError):
            raise answer
    if isinstance(balance, CeculaNotFoundError):
        raise balance
    for answer in answers:
        if isinstance(answer, BaseException) and not (
            _is_refusal(answer) or isinstance(answer, CeculaNotFoundError)
        ):
            raise answer
    return ProvenAccount(
        number=number if isinstance(number, str) else None,
        suspended=any(_is_suspension(answer) for answer in answers)
        or (isinstance(subscription, Subscription) and subscription.inactive),
    )


def _is_refusal(answer: object) -> bool:
    """Tell a Sync error from the refusal of a server that is something else."""
    return isinstance(answer, CeculaRejectedError) and answer.code.startswith("CE")


def _is_suspension(answer: object) -> bool:
    return (
        isinstance(answer, CeculaRejectedError) and answer.code == SyncError.SUSPENDED
    )


def error_key(err: CeculaError) -> str:
    """Return the translation key of a failure that is not the key's."""
    match err:
        case CeculaNotFoundError() | CeculaRejectedError() | CeculaUnreadableError():
            return "not_cecula_sync"
        case _:
            return "cannot_connect"


def read_own_number(typed: str, region: str) -> str:
    """Read a number that surely exists, though its range may be a new one.

    Raises `InvalidNumberError`.
    """
    try:
        return parse_recipient(typed, region)
    except InvalidNumberError as err:
        if err.reason is not Refusal.NOT_VALID:
            raise
        return own_number(typed, region)
