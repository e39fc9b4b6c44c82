"""Using a page with nothing but a keyboard."""

from typing import Final

from playwright.sync_api import Page, expect

TABS: Final = 40
FOCUSED: Final = """() => {
    const { activeElement: it } = document;
    const spoken = it.labels?.[0] ?? it;
    const named = spoken.querySelector('strong') ?? spoken;
    return it.ariaLabel ?? named.textContent.replace('*', '').trim();
}"""


def arrive(page: Page, step: str) -> None:
    """Wait for a step of the wizard; reading goes on at its heading, so that is where the focus is."""
    backbone = page.frame_locator("#app")
    expect(backbone.locator("[aria-current=step]")).to_contain_text(step)
    expect(backbone.get_by_role("heading", level=1)).to_be_focused()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called ``name``, in the app's page where there is one."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.frames[-1].evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"Tab does not lead to {name!r}")


def press(page: Page, name: str) -> None:
    """Go there and press Enter."""
    tab_to(page, name)
    page.keyboard.press("Enter")


def type_into(page: Page, name: str, text: str) -> None:
    """Go there and type over what stands there."""
    tab_to(page, name)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
