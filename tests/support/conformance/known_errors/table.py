"""Single mistakes of the description: what it says, what Jira does, and how that is known."""

from dataclasses import dataclass
from typing import Final, Protocol


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


def _tasks() -> tuple[KnownError, ...]:
    """What begins a task and leads to it."""
    return tuple(
        KnownError(
            place=place,
            rule="body:303",
            described="the task",
            jira="no body: the address of the task, in Location",
            evidence="its own words: Follow the location link in the response to determine the status",
        )
        for place in (
            "DELETE /rest/api/3/field/{id}",
            "DELETE /rest/api/3/priority/{id}",
            "DELETE /rest/api/3/resolution/{id}",
            "POST /rest/api/3/project/{projectIdOrKey}/delete",
        )
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
    *_tasks(),
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
