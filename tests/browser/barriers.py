"""What keeps somebody from using a page, as axe-core finds it; what is less than serious does not count.

axe is put into each document by itself: from the outer page it cannot look into
a frame of another origin. The page's policy does not hold for the debugger, so
that nothing of it has to be loosened.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import Frame

AXE: Final = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
CONTRAST: Final = ("color-contrast",)
"""The only rules whose answer depends on the theme."""
_IS_THERE: Final = "() => typeof axe === 'object'"
_RUN: Final = """async (rules) => {
    const options = { iframes: false, preload: false, resultTypes: ['violations'] };
    const only = rules.length ? { runOnly: rules } : {};
    const { violations } = await axe.run(document, { ...options, ...only });
    return violations
        .filter(({ impact }) => ['serious', 'critical'].includes(impact))
        .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}"""


def barriers(frame: Frame, rules: Sequence[str] = ()) -> list[str]:
    """Name each element of the frame's document that is a barrier; by all of axe's rules or these ones."""
    if not frame.evaluate(_IS_THERE):
        frame.evaluate(AXE)
    found: list[str] = frame.evaluate(_RUN, list(rules))
    return found
