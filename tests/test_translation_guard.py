"""The guard of the texts sees what is missing, and only that."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync import sender
from custom_components.cecula_sync.config_flow import CeculaSyncConfigFlow
from custom_components.cecula_sync.const import DOMAIN
from custom_components.cecula_sync.subentry_flow import ContactSubentryFlow
from simulator import Line, Simulator

from .conftest import ADA
from .flows import key_form, start, submit
from .translation_guard import TranslationGuard, guarded_translations


@pytest.fixture
def guard() -> Iterator[TranslationGuard]:
    """Have a guard whose complaints are looked at, not obeyed."""
    missed: list[str] = []
    try:
        with guarded_translations() as within:
            yield within
            missed, within.missed = within.missed, []
    finally:
        assert missed
