"""What a person does before a screen: look, press, write."""

from typing import TYPE_CHECKING, Any

from .words import paragraphs, words

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from .album import Album


class Screen:
    """A page of the frontend, and the album of its looks."""

    def __init__(self, page: Page, album: Album, url: str) -> None:
        """Take a page that shows nothing yet."""
        self.page = page
        self.faults: list[str] = []
        self._album = album
        self._url = url
        page.on("console", lambda message: self._hear(message.text))

    async def open(self, path: str) -> None:
        """Open a page by its path."""
        await self.page.goto(f"{self._url}{path}")

    async def see(
        self, text: str, *, within: Locator | None = None, exact: bool = True
    ) -> Locator:
        """Wait until a text, or what has it as a part, is there; return where."""
        found = self._text(text, within, exact=exact)
        await found.wait_for()
        return found

    async def miss(self, text: str) -> None:
        """Wait until a text is not there, or not any more."""
        await self._text(text, None, exact=True).wait_for(state="hidden")

    async def read(self, path: str, **placeholders: str) -> None:
        """See each paragraph of one of the integration's own texts."""
        for paragraph in paragraphs(path, **placeholders):
            await self.see(paragraph)

    async def choose(
        self, text: str, *, within: Locator | None = None, exact: bool = True
    ) -> None:
        """Press a text, or what has it as a part."""
        await self._text(text, within, exact=exact).click()

    async def pick(self, path: str) -> None:
        """Press one of the integration's own texts."""
        await self.choose(words(path))

    async def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press the uppermost button of this name."""
        around = within or self.page
        button = around.get_by_role("button", name=name, exact=True)
        await button.filter(visible=True).last.click()

    async def menu(self, item: str, *, within: Locator) -> None:
        """Open the menu of something, and press an item of it."""
        await within.get_by_role("button", name="Menu").first.click()
        found = self.page.get_by_role("menuitem", name=item, exact=True)
        await found.filter(visible=True).click()

    async def search(self, text: str, *, within: Locator) -> None:
        """Look for something in a list that has a field for it."""
        box = within.get_by_role("searchbox").or_(within.get_by_role("textbox"))
        await box.filter(visible=True).first.fill(text)

    async def write(self, label: str, text: str) -> None:
        """Fill a field."""
        await self.field(label).fill(text)

    def field(self, label: str) -> Locator:
        """Return the input with this label."""
        fields = self.page.locator("ha-input, ha-textarea")
        return fields.filter(has_text=label).locator("input, textarea").first

    def row(self, text: str) -> Locator:
        """Return the row of an action's form that describes itself so."""
        return self.page.locator("ha-settings-row").filter(has_text=text)

    async def finish(self) -> None:
        """Press what ends a dialog."""
        await self.press("Finish")
        await self._until_closed()

    async def close(self) -> None:
        """Close the dialog, as if it had not been opened."""
        await self.page.keyboard.press("Escape")
        await self._until_closed()

    async def _until_closed(self) -> None:
        """Wait until a dialog is gone, with which the browser goes one page back."""
        await self.page.wait_for_function("() => !history.state?.dialog")

    async def shot(self, name: str, **how: Any) -> None:
        """Take a screenshot."""
        await self._album.add(self.page, name, **how)

    def _hear(self, words: str) -> None:
        """Keep what the frontend says about the integration, such as a broken text."""
        if "cecula_sync" in words:
            self.faults.append(words)

    def _text(self, text: str, within: Locator | None, *, exact: bool) -> Locator:
        around = within or self.page
        return around.get_by_text(text, exact=exact).filter(visible=True).first
