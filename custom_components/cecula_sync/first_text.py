"""The end of the guide: a first text to the first contact, and what became of it."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import OptionsFlow
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig
from homeassistant.helpers.translation import async_get_translations
import probatio as vol

from .api.exceptions import CeculaOutcomeUnknownError
from .api.models import SmsStatus
from .const import DOMAIN, Kind
from .entity import async_texted
from .outcome import raise_unless_accepted

if TYPE_CHECKING:
    import asyncio

    from homeassistant.config_entries import ConfigFlowResult, ConfigSubentry
    from homeassistant.core import HomeAssistant

    from .models import CeculaConfigEntry

CONF_MESSAGE: Final = "message"

_LONGEST_WAIT: Final = 60  # seconds

# What is told of a text that has this status; of any other, that it was sent.
_ENDINGS: Final[dict[str, str]] = {
    SmsStatus.DELIVERED: "text_delivered",
    SmsStatus.FAILED: "text_not_delivered",
    SmsStatus.EXPIRED: "text_not_delivered",
}

FIRST_TEXT_SCHEMA = vol.Schema(
    {vol.Optional(CONF_MESSAGE): TextSelector(TextSelectorConfig(multiline=True))}
)


class FirstTextFlow(OptionsFlow, ABC):
    """The steps of the guide that send a text."""

    _addressee: ConfigSubentry
    _message = ""
    _ending = ""
    _refusal = ""
    _sending: asyncio.Task[str] | None = None

    @property
    @abstractmethod
    def _entry(self) -> CeculaConfigEntry:
        """Return the entry; end the dialog unless it is loaded."""

    @abstractmethod
    def _finish(self) -> ConfigFlowResult:
        """End the dialog, and keep what was changed."""

    async def async_step_first_text(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to send; an empty form sends nothing."""
        entry = self._entry
        if user_input is not None:
            self._message = user_input.get(CONF_MESSAGE, "").strip()
            if not self._message:
                return self._finish()
            return await self.async_step_send_text()
        return self.async_show_form(
            step_id="first_text",
            # One that was refused is there to be mended.
            data_schema=self.add_suggested_values_to_schema(
                FIRST_TEXT_SCHEMA, {CONF_MESSAGE: self._message}
            ),
            description_placeholders={
                "contact": self._addressee.title,
                "line": entry.title,
            },
        )

    async def async_step_send_text(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Send once, however often the dialog is looked at meanwhile."""
        if self._sending is None:
            entry = self._entry
            self._sending = entry.async_create_background_task(
                self.hass, self._async_send(entry), f"First text of {entry.title}"
            )
        if not self._sending.done():
            return self.async_show_progress(
                step_id="send_text",
                progress_action="send_text",
                description_placeholders={"contact": self._addressee.title},
                progress_task=self._sending,
            )
        sending, self._sending = self._sending, None
        self._ending = "cut_off" if sending.cancelled() else sending.result()
        return self.async_show_progress_done(next_step_id=self._ending)

    async def _async_send(self, entry: CeculaConfigEntry) -> str:
        """Send, and wait for what becomes of it; return the step that tells it."""
        runtime, contact_id = entry.runtime_data, self._addressee.subentry_id
        context = Context()
        try:
            result = await runtime.sender.async_send_sms(
                self._message, runtime.phone_book.recipients_of(contact_id), context
            )
            raise_unless_accepted(result, ())
        except HomeAssistantError as err:
            self._refusal = await _async_in_words(self.hass, err)
            if isinstance(err.__cause__, CeculaOutcomeUnknownError):
                self._message = ""  # one that may have left is not offered again
                return "text_unknown"
            return "text_refused"
        async_texted(self.hass, [contact_id], context)
        statuses = await runtime.delivery.async_wait(
            Kind.SMS, result.tracking_ids, _LONGEST_WAIT
        )
        return next(map(_ENDINGS.get, statuses.values()), None) or "text_sent"

    async def _async_step_good_end(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that it arrived, or that this is not known, or not yet."""
        return self._show_end(["go_on"])

    async def _async_step_bad_end(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say why it did not arrive; another one may."""
        return self._show_end(["first_text", "go_on"])

    # Of these, only the texts differ.
    async_step_text_delivered = _async_step_good_end
    async_step_text_sent = _async_step_good_end
    async_step_text_unknown = _async_step_good_end
    async_step_text_not_delivered = _async_step_bad_end
    async_step_text_refused = _async_step_bad_end

    def _show_end(self, menu_options: list[str]) -> ConfigFlowResult:
        """Show what may follow on how the sending ended."""
        return self.async_show_menu(
            step_id=self._ending,
            menu_options=menu_options,
            description_placeholders={
                "contact": self._addressee.title,
                "reason": self._refusal,
            },
        )


async def _async_in_words(hass: HomeAssistant, err: HomeAssistantError) -> str:
    """Return what an error says, in the language of the house."""
    texts = await async_get_translations(
        hass, hass.config.language, "exceptions", {DOMAIN}
    )
    text = texts.get(f"component.{DOMAIN}.exceptions.{err.translation_key}.message")
    return text.format(**err.translation_placeholders or {}) if text else str(err)
