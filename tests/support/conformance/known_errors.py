"""Where Atlassian's description of Jira Cloud is wrong, or silent, and how that is known.

``KNOWN_ERRORS`` excuse single violations; a whole run in which one of them is not needed fails (``plugin``).
The rest is silence that concerns all operations alike.
"""

import threading
from collections.abc import Set
from dataclasses import dataclass
from typing import Final, Protocol

EVERY_OPERATION: Final[dict[int, str]] = {
    401: "556 of 616 operations list it; wrong credentials are refused before an operation is looked at",
    408: "a gateway's answer, as the description has it for two operations",
    429: "listed for 10 operations; Atlassian's page on rate limiting: any operation",
    500: "listed for 6 operations; any server can fail",
    502: "gateways in front of Jira answer by themselves",
    503: "listed for 4 operations; sites are down for maintenance as a whole",
    504: "listed for 1 operation; gateways in front of Jira answer by themselves",
}
"""Statuses that any operation may answer, described or not; and how that is known.

Also for all alike: times have a zone without colon (``2021-01-17T12:34:00.000+0000`` in the description's own
examples of ``date-time``); lists in a query may be separated by commas (its parameters say "comma-separated
list"); ``additionalProperties: false`` beside ``oneOf`` or ``anyOf`` would forbid what its own choices
require; a refusal described without a schema has that of all others, ErrorCollection.
"""

BEFORE_ANY_OPERATION: Final[dict[tuple[int, str], str]] = {
    (401, r".+"): "to whom nobody knows, everywhere, in one form",
    (
        403,
        r"The app does not have the scope \w+ that this operation requires\.",
    ): "to an app, whichever it is",
    (403, r"The app is disabled on this site\."): "to an app that the site's administrators switched off",
    (
        400,
        r"Parameter '\w+' must be .+",
    ): "a parameter of another type than is described; where 400 is listed "
    "it is for such ones; 42 of 141 operations with a number or a flag in the query list none",
    (400, r"There was an error parsing JSON\. .+"): "a body that is no JSON can be of no operation's schema",
    (400, r"Invalid request payload\. .+"): "a body that is no object can be of no operation's schema",
}
"""What whoever answers before an operation is looked at says, in an ErrorCollection whatever its own is.

Status and the one message, as a regular expression; and how that is known.
"""

SCRIPTED: Final = "Try again later."
"""The one message of a misfortune that a test scripted, of a status it chose: no answer of Jira's."""


OPEN_SCHEMAS: Final[dict[str, str]] = {
    "ConnectModules": "one list for each kind of module, as its own example has them and no list of it could",
}
"""Schemas whose objects may have members that they do not name; and how that is known.

All others may not, those that say ``additionalProperties: true`` or nothing included: what is misspelt in a
body would be of the described type else, since hardly anything is required.
"""


class Excusable(Protocol):
    """A violation, as far as an excuse looks at it."""

    @property
    def operation(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def rule(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownError:
    """A mistake of the description.

    ``place`` is a schema's name with the way to a member (``Comment/author``) or an operation's name;
    ``rule`` is what a violation of it is called. ``operation`` narrows it to answers of that one.
    """

    place: str
    rule: str
    described: str
    jira: str
    evidence: str
    operation: str = ""

    def covers(self, violation: Excusable) -> bool:
        """Whether this is what the violation is about."""
        return (self.place, self.rule) == (violation.place, violation.rule) and (
            not self.operation or self.operation == violation.operation
        )


_CHANGE = "nulls in its own example of GET /issue/{issueIdOrKey}/changelog, and in the changelogs of webhooks"


def _nulls_in_changes() -> tuple[KnownError, ...]:
    """Sides of a change that had no value; each member for itself."""
    return tuple(
        KnownError(
            place=f"ChangeDetails/{member}",
            rule="type",
            described="a string",
            jira="null where there was or is no value",
            evidence=_CHANGE,
        )
        for member in ("from", "to", "fromString", "toString")
    )


def _one_end_of_a_link() -> tuple[KnownError, ...]:
    """In a work item a link has but its other end."""
    return tuple(
        KnownError(
            place="IssueLink",
            rule=f"required:{end}",
            described="both ends, always",
            jira="the other end alone, in the work item the link belongs to",
            evidence="its own example of GET /issue/{issueIdOrKey}; every work item with links in the corpus",
        )
        for end in ("inwardIssue", "outwardIssue")
    )


def _bodies_of_uploads() -> tuple[KnownError, ...]:
    """A body that is no form with files, or a broken one."""
    place = "POST /rest/api/3/issue/{issueIdOrKey}/attachments"
    described, form = "200, 403, 404 and 413 only", "multipart/form-data"
    return (
        KnownError(
            place=place,
            rule="status:415",
            described=described,
            jira=f"415 for a body that is not {form}",
            evidence=f"its own words: attachments are posted as {form}; RFC 9110, 15.5.16",
        ),
        KnownError(
            place=place,
            rule="status:400",
            described=described,
            jira=f"400 for {form} that breaks off",
            evidence="234 of 244 operations with a body list 400, for a request that is malformed",
        ),
    )


def _numbers_for_times() -> tuple[KnownError, ...]:
    """When a task on many work items began and ended."""
    return tuple(
        KnownError(
            place=f"BulkOperationProgress/{member}",
            rule="type",
            described="a string, a date and time",
            jira="a number of milliseconds",
            evidence="its own words and example of GET /bulk/queue/{taskId}",
        )
        for member in ("created", "started", "updated")
    )


def _worklogs() -> tuple[KnownError, ...]:
    """What operations on logged work answer beyond what is listed for them."""
    return (
        KnownError(
            place="DELETE /rest/api/3/issue/{issueIdOrKey}/worklog",
            rule="body:200",
            described="no body",
            jira="a message",
            evidence="its own words: partially successful, with a message indicating partial success",
        ),
    )


def _files() -> tuple[KnownError, ...]:
    """What answers with a file."""
    return tuple(
        KnownError(
            place=f"GET /rest/api/3/attachment/{which}/{{id}}",
            rule=f"body:{status}",
            described="no body",
            jira="the file, or the part of it that was asked for",
            evidence="its own words: returns the contents, or the thumbnail, of an attachment",
        )
        for which, status in (("content", 200), ("content", 206), ("thumbnail", 200))
    )


def _contexts_of_defaults() -> tuple[KnownError, ...]:
    """To which context of a field a default belongs; named by the schemas of some kinds of default only."""
    return tuple(
        KnownError(
            place=f"CustomFieldContextDefaultValue{kind}",
            rule="additionalProperties:contextId",
            described="no contextId",
            jira="the context that the default is for",
            evidence="in each value of its own example of GET /field/{fieldId}/context/defaultValue",
        )
        for kind in ("Date", "Float", "Labels", "TextField")
    )


def _unnamed_members() -> tuple[KnownError, ...]:
    """What objects hold that may hold more than is named, and do."""
    return (
        KnownError(
            place="IssueTransition",
            rule="additionalProperties:isLooped",
            described="looped",
            jira="isLooped",
            evidence="transitions of work items of Jira Cloud in the corpus; no answer has looped",
        ),
        KnownError(
            place="PageOfComments",
            rule="additionalProperties:self",
            described="the page alone",
            jira="a link to all comments, where the page stands among the fields of a work item",
            evidence="every work item with the field comment in the corpus",
        ),
    )


KNOWN_ERRORS: Final[tuple[KnownError, ...]] = (
    *_contexts_of_defaults(),
    *_unnamed_members(),
    *_numbers_for_times(),
    *_nulls_in_changes(),
    *_one_end_of_a_link(),
    KnownError(
        place="POST /rest/api/3/issue/{issueIdOrKey}/remotelink",
        rule="status:413",
        described="no limit of what it makes",
        jira="413 at the limit of remote links",
        evidence="413 is listed for GET of the same address, in words that only a write can bring about",
    ),
    KnownError(
        place="POST /rest/api/3/issue/watching",
        rule="status:400",
        described="no refusal of a body",
        jira="400 to a body that is not as its own schema requires",
        evidence="IssueList requires issueIds; alike operations (POST comment/list) list 400 for that",
    ),
    KnownError(
        place="UnrestrictedUserEmail",
        rule="type",
        described="one object",
        jira="a list of such objects",
        evidence="it takes several accountIds, and the object has room for one address",
        operation="GET /rest/api/3/user/email/bulk",
    ),
    *_bodies_of_uploads(),
    *_worklogs(),
    *_files(),
    KnownError(
        place="Project",
        rule="additionalProperties:projectKeys",
        described="no projectKeys",
        jira="the present and the former keys of a space, if expand asks for them",
        evidence="expand of the operations that answer with it: projectKeys Returns all project keys",
    ),
    KnownError(
        place="GET /rest/atlassian-connect/1/addons/{addonKey}",
        rule="operation",
        described="nothing: of an app's own resources only its properties and dynamic modules",
        jira="answers with the app's state and licence",
        evidence="Atlassian's pages on Connect, License API: GET /rest/atlassian-connect/1/addons/{appKey}",
    ),
    KnownError(
        place="ConnectModules",
        rule="required:modules",
        described="modules in a list under the one member modules",
        jira="modules by kind, as in an app's descriptor",
        evidence="the schema's own example, and its words: in the same format as in the app descriptor",
    ),
    KnownError(
        place="POST /rest/atlassian-connect/latest/report-accounts",
        rule="operation",
        described="nothing: personal data is not Jira's alone",
        jira="answers apps as api.atlassian.com/app/report-accounts/ does",
        evidence="Atlassian's user privacy guide for developers of apps",
    ),
)

_needed: set[KnownError] = set()
_lock = threading.Lock()


def excuses(violation: Excusable) -> bool:
    """Whether a known error of the description covers the violation; remembers which was needed."""
    covering = [each for each in KNOWN_ERRORS if each.covers(violation)]
    with _lock:
        _needed.update(covering)
    return bool(covering)


def needed() -> frozenset[int]:
    """Which known errors were needed in this process so far, by position in the table."""
    with _lock:
        return frozenset(number for number, each in enumerate(KNOWN_ERRORS) if each in _needed)


def unneeded(needed: Set[int]) -> list[KnownError]:
    """The known errors at all other positions than the ``needed`` ones."""
    return [each for number, each in enumerate(KNOWN_ERRORS) if number not in needed]
