"""Home Assistant Cloud, played: the real one can't be imported without its needs.

A test holds the names and parameters below against the real one's source.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
import sys
from types import ModuleType
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

MODULE = "homeassistant.components.cloud"


class CloudNotAvailable(HomeAssistantError):  # noqa: N818 (its real name)
    """Raised when the cloud is not there."""


class CloudNotConnected(CloudNotAvailable):
    """Raised when the cloud is not connected."""


class FakeCloud(ModuleType):
    """A cloud with a subscription; a test may take it away, or let it be slow."""

    CloudNotAvailable = CloudNotAvailable
    CloudNotConnected = CloudNotConnected

    def __init__(self) -> None:
        """Start subscribed and connected, without cloudhooks."""
        super().__init__(MODULE)
        self.subscribed = True
        self.failure: Exception | None = None
        self.is_quick = asyncio.Event()
        self.is_quick.set()
        self.cloudhooks: dict[str, str] = {}
        self.ever_made: list[str] = []
        self.listeners: list[Callable[[object], Any]] = []

    def async_is_connected(self, _hass: HomeAssistant) -> bool:
        """Tell whether the cloud can be asked."""
        return self.failure is None

    def async_listen_connection_change(
        self, _hass: HomeAssistant, target: Callable[[object], Any]
    ) -> Callable[[], None]:
        """Call a listener when the connection comes or goes."""
        self.listeners.append(target)
        return lambda: self.listeners.remove(target)

    def async_active_subscription(self, _hass: HomeAssistant) -> bool:
        """Tell whether there is a subscription."""
        return self.subscribed

    async def async_get_or_create_cloudhook(
        self, _hass: HomeAssistant, webhook_id: str
    ) -> str:
        """Return the public address of a webhook."""
        await self.is_quick.wait()
        if self.failure is not None:
            raise self.failure
        if webhook_id not in self.cloudhooks:
            self.ever_made.append(webhook_id)
            url = f"https://hooks.nabu.casa/{len(self.ever_made)}"
            self.cloudhooks[webhook_id] = url
        return self.cloudhooks[webhook_id]

    async def async_delete_cloudhook(
        self, _hass: HomeAssistant, webhook_id: str
    ) -> None:
        """Delete the public address of a webhook."""
        if self.failure is not None:
            raise self.failure
        if webhook_id not in self.cloudhooks:
            message = "Hook is not enabled for the cloud."
            raise ValueError(message)
        del self.cloudhooks[webhook_id]


@contextmanager
def set_up_cloud(hass: HomeAssistant) -> Iterator[FakeCloud]:
    """Have a cloud that is set up."""
    cloud = FakeCloud()
    hass.config.components.add("cloud")
    with patch.dict(sys.modules, {MODULE: cloud}):
        yield cloud
    hass.config.components.remove("cloud")
