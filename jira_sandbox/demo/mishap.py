"""Something a site refuses, as the app's page tells of it, and how it is mended from there."""

from collections.abc import Iterator

from jira_sandbox.demo.checks import standing
from jira_sandbox.demo.costs import PATIENCE, wait_until_reached
from jira_sandbox.demo.stage import wait_for
from jira_sandbox.demo.visitor import Visitor
from jira_sandbox.demo.work import Work

FIELD = "duedate"


def mended(work: Work, bob: Visitor) -> Iterator[str]:
    """Let BETA refuse due dates until Bob has seen so, and try again; gives what is wrong with that story."""
    site, (family, *_) = work.stage.site_of("BETA"), work.families["BETA"]
    with work.stage.lock:
        site.take_off_screen(site.space("BETA"), FIELD, screens=("edit",))
    change = work.edit(family["ALPHA"], "ALPHA", FIELD)
    work.settle("Alice has set a due date, which is on no screen in BETA any more")
    if not wait_for(lambda: standing(bob).errors == 1, within=PATIENCE):
        yield "the page does not tell of the error"
        return
    with work.stage.lock:
        site.put_on_screen(site.space("BETA"), FIELD, screens=("edit",))
    bob.press("Retry")
    seconds = wait_until_reached(work.stage, change, work.changes)
    work.say(
        f"Bob's page told of 1 error; the field is back, he has chosen Retry: there after {seconds:.1f} s"
    )
    if not wait_for(lambda: not standing(bob).errors, within=PATIENCE):
        yield "the page should tell of no error any more"
