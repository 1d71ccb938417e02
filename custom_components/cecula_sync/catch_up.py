"""Looks for what came in and was not posted, now and again."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, HassJob, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .api.exceptions import CeculaError, CeculaNotFoundError
from .api.models import UnreadableItem
from .aside import Aside
from .clock import ClockWatch, Moment, seconds_since, this_moment
from .const import (
    CONF_INBOUND,
    CONF_LISTENING_SINCE,
    DOMAIN,
    INBOUND_POLLING,
    LOGGER,
    Kind,
)
from .errors import start_reauth_if_refused
from .outage import Outage
from .reader import Reader
from .section import Section
from .store import JournalError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from homeassistant.core import Event, HomeAssistant

    from .api.client import CeculaSyncClient
    from .api.models import InboundItem
    from .inbox import Inbox
    from .models import CeculaConfigEntry
    from .store import Journal

# While the webhook works, a look only finds what it lost; polling is all there is.
_WEBHOOK_INTERVAL: Final = 15 * 60
_POLLING_INTERVAL: Final = 60
_LONGEST_PAUSE: Final = 15 * 60
# After a longer gap, what is found is of the past, which opens no gates.
_GAP_SECONDS: Final = 300


class CatchUp:
    """Looks into both lists: at the start, from time to time, and when asked to."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: CeculaConfigEntry,
        client: CeculaSyncClient,
        inbox: Inbox,
        journal: Journal,
    ) -> None:
        """Take where to look, who gets what is found, and where raw answers lie."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self._dialect = client.dialect
        self._inbox = inbox
        self._journal = journal
        self._baselines = Section(journal, "baseline:")
        self._aside = Aside(hass, entry, journal)
        self._reader = Reader(client, journal, self._aside)
        self._looking: asyncio.Task[None] | None = None
        self._cancel_timer: CALLBACK_TYPE | None = None
        self._outage = Outage(hass, entry)
        self.failures = 0
        # Why the last look failed.
        self.failure: Exception | None = None
        # When the last good look of a kind began, and of which kinds no look has failed
        # since: only between those does a find prove that a webhook is missing.
        self._good: dict[Kind, Moment] = {}
        self._uninterrupted: set[Kind] = set()
        self._clock = ClockWatch()
        self._is_out_of_reach = False
        self._inbound = entry.options.get(CONF_INBOUND)
        self._stopped = True  # nothing is read before it can be handed on

    @property
    def needs_baseline(self) -> bool:
        """Whether nobody knows yet what happened before the house listened."""
        return any(map(self._needs_baseline, Kind))

    def _needs_baseline(self, kind: Kind) -> bool:
        # A file that was lost must not make an old line new: its next finds are late.
        is_new = CONF_LISTENING_SINCE not in self._entry.data
        return is_new and kind not in self._baselines

    @callback
    def async_start(self) -> None:
        """Hand on what an earlier run read, then look, and look again."""
        self._stopped = False
        for kind in Kind:
            self._resume(kind)
        for items, filed in list(self._aside.async_read_again(self._client.dialect)):
            if filed:
                self._inbox.async_file(items)
            else:
                self._inbox.async_take_answer(items, late=True, is_evidence=False)
        self._entry.async_on_unload(
            self._hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._async_finish)
        )
        self.async_look()

    async def async_stop(self) -> None:
        """Look no more; wait for a look under way, whose answer nobody gets again."""
        self._stopped = True
        self._disarm()
        await self._async_finish()

    async def _async_finish(self, _event: Event | None = None) -> None:
        if self._looking is not None:
            await asyncio.shield(self._looking)

    @callback
    def async_look(self) -> None:
        """Look now, unless that is under way."""
        self._disarm()
        if self._stopped or (self._looking and not self._looking.done()):
            return
        # One of Home Assistant's would be cancelled at the stop, or hold up the start.
        self._looking = asyncio.create_task(self._async_look())
        self._entry.async_create_background_task(
            self._hass, self.async_looked(), f"{DOMAIN} look"
        )

    async def async_looked(self) -> None:
        """Return when no look is under way."""
        await self._async_finish()

    async def async_look_anew(self) -> None:
        """Look; one that is under way may be past what came since it began."""
        await self.async_looked()
        self.async_look()
        await self.async_looked()

    @property
    def last_good_looks(self) -> dict[Kind, datetime]:
        """Return when the last good look of each kind was, by the clock of now."""
        now = dt_util.utcnow()
        return {
            kind: now - timedelta(seconds=seconds_since(at))
            for kind, at in self._good.items()
        }

    def has_looked_since(self, moment: Moment, kind: Kind) -> bool:
        """Tell whether a good look for a kind has begun since, and all of it was told.

        What polling finds while that is so was not there yet at that look.
        """
        good = self._good.get(kind)
        return good is not None and good[1] >= moment[1]

    @property
    def last_look_failed(self) -> bool:
        """Whether the last look did not go well, or there was none yet."""
        return self._stopped or bool(self.failures)

    @callback
    def async_reachable(self, *, is_so: bool) -> None:
        """Note whether the provider can be reached; look when it can be again."""
        if not is_so:
            self._uninterrupted.clear()
            self._is_out_of_reach = True
        elif self._is_out_of_reach:
            self._is_out_of_reach = False
            self.async_look()

    @callback
    def async_apply_options(self) -> None:
        """Poll at once where the user changed to polling, else as is usual."""
        inbound = self._entry.options.get(CONF_INBOUND)
        if inbound == self._inbound:
            return
        self._inbound = inbound
        self._outage.async_apply_options()
        # What came until now is no proof that a webhook should have brought it.
        self._uninterrupted.clear()
        self.async_look()

    @callback
    def _arm(self) -> None:
        if self._stopped or self._hass.is_stopping:
            return
        pause = _WEBHOOK_INTERVAL
        if self._inbound == INBOUND_POLLING:
            pause = _POLLING_INTERVAL
        if self.failures:
            pause = min(_POLLING_INTERVAL * 2 ** (self.failures - 1), _LONGEST_PAUSE)
        self._cancel_timer = async_call_later(
            self._hass, pause, HassJob(self._async_timer, cancel_on_shutdown=True)
        )

    @callback
    def _async_timer(self, _now: datetime) -> None:
        self._cancel_timer = None
        self.async_look()

    def _disarm(self) -> None:
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None

    async def _async_look(self) -> None:
        self.failure = None
        before, self._dialect = self._dialect, self._client.dialect
        if before != self._dialect:
            self._good.clear()  # what is listed has other times now, and looks new
        if self._clock.jump() or before != self._dialect:
            # A house that slept heard no webhook, however well that works.
            self._uninterrupted.clear()
        try:
            results = [await self._async_look_for(kind) for kind in Kind]
            self._note_how_it_went(went_well=all(results))
        except Exception as err:  # noqa: BLE001 (whatever it is, the next look must come)
            LOGGER.exception("A look for what came in failed")
            self.failure = self.failure or err
            self._note_how_it_went(went_well=False)
        self._arm()

    def _note_how_it_went(self, *, went_well: bool) -> None:
        self.failures = 0 if went_well else min(self.failures + 1, 10)
        if went_well:
            self._outage.async_succeeded()
        elif self.failure and not (self._hass.is_stopping or self._stopped):
            self._outage.async_failed(self.failures, self.failure)

    async def _async_look_for(self, kind: Kind) -> bool:
        """Look into one list; return whether that went well."""
        if self._hass.is_stopping or self._stopped:
            return False
        try:
            await self._async_read(kind)
        except CeculaNotFoundError:
            # A server of one's own may have no such list: nothing is in it.
            self._mark_baseline(kind)
            self._inbox.async_forget(kind, this_moment())
            return True
        except (CeculaError, JournalError) as err:
            self._uninterrupted.discard(kind)
            self.failure = self.failure or err
            if isinstance(err, CeculaError):
                start_reauth_if_refused(self._hass, self._entry, err)
            LOGGER.debug("A look for what came in failed: %s", type(err).__name__)
            return False
        return True

    async def _async_read(self, kind: Kind) -> None:
        """Read a list and hand it on. Raises `CeculaError`, `JournalError`."""
        looked_at = this_moment()
        items = await self._reader.async_read(kind, filed=self._needs_baseline(kind))
        if self._hass.is_stopping and self._reader.holds(kind):
            return  # told by the next run: what is set off now would be cut short
        self._take(kind, items)
        self._good[kind] = looked_at
        self._uninterrupted.add(kind)
        self._inbox.async_forget(kind, looked_at)
        await self._journal.async_commit()

    def _take(self, kind: Kind, items: Sequence[InboundItem | UnreadableItem]) -> None:
        """Hand on an answer, or file it where it is the first of its kind."""
        readable = [item for item in items if not isinstance(item, UnreadableItem)]
        unreadable = [item for item in items if isinstance(item, UnreadableItem)]
        is_baseline = self._needs_baseline(kind)
        self._aside.async_put(kind, unreadable, filed=is_baseline)
        if is_baseline:
            self._inbox.async_file(readable)
            self._mark_baseline(kind)
        else:
            since = self._good.get(kind)
            self._inbox.async_take_answer(
                readable,
                late=since is None or seconds_since(since) > _GAP_SECONDS,
                is_evidence=kind in self._uninterrupted,
            )
        self._reader.let_go(kind)

    def _mark_baseline(self, kind: Kind) -> None:
        """Note from when on the house listens, once both kinds are known."""
        if not self._needs_baseline(kind):
            return
        now = dt_util.utcnow().isoformat()
        self._baselines.put(kind, now)
        if not self.needs_baseline:
            self._hass.config_entries.async_update_entry(
                self._entry, data={**self._entry.data, CONF_LISTENING_SINCE: now}
            )

    def _resume(self, kind: Kind) -> None:
        """Hand on an answer that was read and not handed on when the house went."""
        if (items := self._reader.held(kind)) is not None:
            self._take(kind, items)
