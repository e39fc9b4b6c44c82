"""The table of codes: what each means, what we do about it, what people can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Response(StrEnum):
    """What we do about it."""

    RETRY = "tried again by itself"
    DROP = "the field is left out"
    BLOCK = "the work item waits"
    PAUSE = "the synchronization pauses"


class WayOut(StrEnum):
    """What a person may do about it on the page of errors."""

    RETRY = "retry"
    DECIDE = "decide"
    CREATE_TWIN = "create twin"
    TAKE_UP = "take up"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code means and what follows from it.

    ``ways_out`` are in the order of the page; to ignore it is one whatever the code.
    """

    response: Response
    sentence: str
    remedy: str
    ways_out: tuple[WayOut, ...] = (WayOut.RETRY,)


_ITSELF: Final = "There is nothing to do: it goes on by itself."
_EVERY_PART: Final = "All other fields are kept in step."


def _retry(sentence: str, remedy: str = _ITSELF) -> Rule:
    return Rule(Response.RETRY, sentence, remedy)


def _drop(sentence: str, remedy: str, *ways_out: WayOut) -> Rule:
    return Rule(Response.DROP, f"{sentence} {_EVERY_PART}", remedy, ways_out or (WayOut.RETRY,))


def _block(sentence: str, remedy: str, *ways_out: WayOut) -> Rule:
    return Rule(Response.BLOCK, sentence, remedy, ways_out or (WayOut.RETRY,))


def _pause(sentence: str, remedy: str) -> Rule:
    return Rule(Response.PAUSE, sentence, remedy)


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        # Tried again by itself: by Jira's clock where it named a time, else by ours.
        "remote_busy": _retry("Jira asked us to wait; it is tried again."),
        "remote_unreachable": _retry("Jira cannot be reached; it is tried again."),
        "outcome_unknown": _retry("Jira did not answer a change; it is looked up before it is tried again."),
        "still_changing": _retry("Both sides keep changing; it is looked at again."),
        "edit_conflict": _retry("Jira was changing the work item at that very moment; it is tried again."),
        "internal_error": _retry(
            "Something broke on our side; it is tried again.",
            "If it stays, tell those who run Backbone Work Sync.",
        ),
        "secret_unreadable": _retry(
            "A stored secret cannot be read; it is tried again.",
            "Tell those who run Backbone Work Sync: a key is missing.",
        ),
        "egress_refused": _retry(
            "The address of the site may not be called; it is tried again.",
            "Tell those who run Backbone Work Sync: the site's address is not allowed.",
        ),
        # One field is left out.
        "field_not_on_screen": _drop(
            "The field is not on the screen of this work type.",
            "Add the field to the screen of its work type there, and check that the app's user may "
            "edit work items there. Then choose Retry.",
        ),
        "value_not_known": _drop(
            "The value does not exist there.",
            "Add the value in that space, or choose another one, then choose Retry.",
        ),
        "value_too_long": _drop(
            "The value is longer than Jira allows there.", "Shorten it on the side it comes from."
        ),
        "value_required": _drop(
            "The field must not be empty there.",
            "Fill it on the side it comes from, or make it optional there, then choose Retry.",
        ),
        "field_refused": _drop(
            "Jira refused the value of this field.",
            "Read what Jira said, mend it in that space, then choose Retry.",
        ),
        "transition_refused": _drop(
            "Jira refused the transition to this status.",
            "Read what Jira said: the workflow demands something. Then choose Retry.",
        ),
        "transition_not_allowed": _drop(
            "The app may not move work items there.",
            "Give the app's user the permission Transition Issues in that space, then choose Retry.",
        ),
        "comment_not_allowed": _drop(
            "The app may not write comments there.",
            "Give the app's user the comment permissions in that space, then choose Retry.",
        ),
        "comment_refused": _drop(
            "Jira refused a comment.", "Read what Jira said, mend it in that space, then choose Retry."
        ),
        "no_path": _drop(
            "No transition that Backbone knows and may use leads to the status of the other side.",
            "Move the work item by hand, or let its workflow have a transition there, then choose Retry.",
        ),
        "status_not_mapped": _drop(
            "Its status has no counterpart on the other side.",
            "Move it to a status that both spaces have, or give the other space a status of that name.",
        ),
        "unexpected_value": _drop(
            "A field holds a value that cannot be synchronized.",
            "Set the field to an ordinary value, then choose Retry.",
        ),
        "needs_decision": _drop(
            "Both sides held different values when they were first compared; somebody must choose.",
            "Choose Decide to say whose values stand.",
            WayOut.DECIDE,
        ),
        "empty_summary": _drop(
            "Jira needs a summary, and the other side has none.", "Give it a summary on the other side."
        ),
        # The work item waits, the others go on.
        "required_field_missing": _block(
            "The work type demands a field there that is not synchronized.",
            "Make the field optional there or give it a default value, then choose Retry.",
        ),
        "edit_not_allowed": _block(
            "The app may not edit the work item there.",
            "Give the app's user the permission Edit Issues in that space, then choose Retry.",
        ),
        "creation_not_allowed": _block(
            "The app may not create work items there.",
            "Give the app's user the permission Create Issues in that space, then choose Retry.",
        ),
        "work_type_missing": _block(
            "The work type does not exist there any more.",
            "Add the work type to that space again, then choose Retry.",
        ),
        "remote_missing": _block(
            "The work item is gone, or the app may no longer see it.",
            "Let the app see it again and choose Retry. If it is gone, create a new twin or choose Ignore.",
            WayOut.RETRY,
            WayOut.CREATE_TWIN,
        ),
        "deleted": _block(
            "One of the two work items was deleted; the other one stays as it is.",
            "Create a new twin, or choose Ignore.",
            WayOut.CREATE_TWIN,
        ),
        "twin_taken": _block(
            "The twin that was created for it belongs to another work item by now.",
            "Choose Ignore, or create a new twin.",
            WayOut.CREATE_TWIN,
        ),
        "type_not_mapped": _block(
            "Its work type is not synchronized.", "Change its work type back, or choose Ignore."
        ),
        "moved_away": _block(
            "It was moved to another space.", "Move it back, or choose Ignore: it then stays as it is."
        ),
        "stopped_by_workflow": _block(
            "A workflow has stopped synchronizing it: both work items stay as they are.",
            "Choose Take up again, or Ignore: they then stay as they are. A transition that has Backbone's "
            "post function to synchronize it takes it up as well.",
            WayOut.TAKE_UP,
        ),
        "guarded": _block(
            "Backbone's own last check refused the change.",
            "Tell those who run Backbone Work Sync: this is a fault of ours.",
        ),
        "item_archived": _block(
            "The work item is archived there.", "Restore it there and choose Retry, or choose Ignore."
        ),
        "remote_refused": _block(
            "Jira refused the change.", "Read what Jira said, mend it in that space, then choose Retry."
        ),
        # The whole synchronization pauses.
        "app_not_authorized": _pause(
            "The site no longer accepts the app's signature.",
            "Install or update the app on that site, then choose Start: an admin of either space can.",
        ),
        "app_forbidden": _pause(
            "The app has lost a right it cannot do without on that site.",
            "Check in Manage apps that the app is enabled with all its scopes, then choose Start.",
        ),
        "site_moved": _pause(
            "The site answers under another address now.",
            "Update the app on that site, so that it tells its new address, then choose Start.",
        ),
        "link_broken": _pause(
            "The site no longer lets Backbone in: the sign-in of its link is over.",
            "Choose Mend the link and sign in there again; everything since then is brought over.",
        ),
        "site_left": _pause(
            "The site has removed Backbone Work Sync.",
            "It goes on by itself once the app is installed there again. You can also delete it.",
        ),
        "not_licensed": _pause(
            "The remote licence does not cover the partner site any more.",
            "It goes on by itself once it does: a Jira admin can see why, and upload another licence, under "
            "Apps > Backbone Work Sync > Remote licence. You can also stop it.",
        ),
        "space_missing": _pause(
            "The space is gone, or the app may no longer see it.",
            "Restore the space or let the app browse it, then choose Start; or delete the synchronization.",
        ),
        "many_missing": _pause(
            "Many work items are missing at once: more than ten, and more than one in ten.",
            "If they were deleted on purpose, choose Start; else let the app see them again first.",
        ),
        "deleted_after_backup": _pause(
            "Backbone was restored from a backup, "
            "and since then this synchronization seems to have been deleted.",
            "Delete it again; or choose Start, and its work items are kept in step as before.",
        ),
    }
)

UNKNOWN: Final = Rule(
    Response.BLOCK,
    "It cannot be kept in step at the moment.",
    "Choose Retry; if it stays, tell those who run Backbone Work Sync.",
)
"""Said for a code without a rule; codes themselves are never shown."""

HELD: Final = timedelta(minutes=10)
LONGEST_HELD: Final = timedelta(hours=24)


def rule(code: str) -> Rule:
    """Look a code up."""
    return RULES.get(code, UNKNOWN)


def held_for(attempts: int) -> timedelta:
    """Say how long a refused value is not sent again by itself, after so many refusals of it."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(HELD * int(2**doublings), LONGEST_HELD)
