"""The tour knows what the integration says, wherever its texts are changed."""

import pytest

from tour.errors import TourError
from tour.words import paragraphs, words


def test_a_text_is_found_by_where_it_stands() -> None:
    """Ask for one with a placeholder."""
    read = words("config_subentries.contact.create_entry.created", number="+4479")
    assert "+4479" in read
    assert "{" not in read


def test_a_text_is_read_as_a_page_shows_it() -> None:
    """Ask for one of several paragraphs, with an address in it."""
    read = paragraphs("options.step.webhook.description", webhook_url="https://x.org")
    assert "https://x.org" in read
    assert all("\n" not in paragraph for paragraph in read)


@pytest.mark.parametrize("path", ["options.step.nowhere.title", "options.step"])
def test_what_is_no_text_is_complained_about(path: str) -> None:
    """Ask for something that is missing, and for a branch."""
    with pytest.raises(TourError, match=path):
        words(path)
