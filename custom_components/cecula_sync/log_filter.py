"""Keeps the secrets of every dedicated number out of Home Assistant's log.

Core's webhook component logs ids of its own accord, and a traceback may quote a URL or
a header: neither passes through a log call of ours. So records are scrubbed where they
leave, at the root logger's handlers, which see those of every logger.
"""

import logging
from typing import TYPE_CHECKING, Final, override

from homeassistant.const import CONF_API_KEY, CONF_WEBHOOK_ID
from homeassistant.util import slugify

from .api.numbers import display

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .models import CeculaConfigEntry

_MASK: Final = "**REDACTED**"
# What is shorter is no secret, and may be a part of any word.
_SHORTEST: Final = 8
_FORMATTER: Final = logging.Formatter()


class SecretFilter(logging.Filter):
    """Replaces known secrets in a record's message, traceback and stack."""

    def __init__(self) -> None:
        """Start with no secret known."""
        super().__init__()
        self._by_owner: dict[str, frozenset[str]] = {}
        # The longest first, for one may begin with another. Replaced as a whole, for
        # records are filtered in other threads too.
        self._secrets: tuple[str, ...] = ()

    def hide(self, owner: str, secrets: Iterable[str]) -> None:
        """Hide an owner's secrets, of eight letters and more, beside earlier ones."""
        known = self._by_owner.get(owner, frozenset())
        long = {secret for secret in secrets if len(secret) >= _SHORTEST}
        self._by_owner[owner] = known | long
        self._order()

    def forget(self, owner: str) -> None:
        """Hide an owner's secrets no longer."""
        self._by_owner.pop(owner, None)
        self._order()

    def _order(self) -> None:
        known = frozenset().union(*self._by_owner.values())
        self._secrets = tuple(sorted(known, key=len, reverse=True))

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Scrub a record; let each one through."""
        if not self._secrets:
            return True
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 (the handler reports a malformed record)
            return True
        if (scrubbed := self._scrubbed(message)) != message:
            record.msg, record.args = scrubbed, None
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        if record.exc_text and self._scrubbed(record.exc_text) != record.exc_text:
            # With the exception itself, a handler would write it out once more.
            record.exc_text = self._scrubbed(record.exc_text)
            record.exc_info = None
        if record.stack_info:
            record.stack_info = self._scrubbed(record.stack_info)
        return True

    def _scrubbed(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _MASK)
        return text


_FILTER: Final = SecretFilter()


def async_hide_secrets(owner: str, *secrets: str) -> None:
    """Scrub an owner's secrets from every record from now on."""
    for handler in logging.getLogger().handlers:
        if _FILTER not in handler.filters:
            handler.addFilter(_FILTER)
    _FILTER.hide(owner, secrets)


def async_hide_secrets_of(entry: CeculaConfigEntry) -> None:
    """Keep all of an entry out of the log that is secret, though it may be damaged.

    Core names the entry there by its title, which is the number at first, and its
    entities by their ids, which are made of that.
    """
    number = entry.unique_id or ""
    shown = display(number)
    told = (entry.data.get(field) for field in (CONF_API_KEY, CONF_WEBHOOK_ID))
    secrets = (secret for secret in told if isinstance(secret, str))
    async_hide_secrets(entry.entry_id, *secrets, number, shown, slugify(shown))


def async_forget_secrets(owner: str) -> None:
    """Scrub an owner's secrets no longer; there is nothing of it left to be logged."""
    _FILTER.forget(owner)
