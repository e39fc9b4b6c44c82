"""What the description leaves unsaid, or says wrongly, of all operations alike."""

from typing import Final

EVERY_OPERATION: Final[dict[int, str]] = {
    401: "556 of 616 operations list it; wrong credentials are refused before an operation is looked at",
    408: "a gateway's answer, as the description has it for two operations",
    429: "listed for 10 operations; Atlassian's page on rate limiting: any operation",
    500: "listed for 6 operations; any server can fail",
    502: "gateways in front of Jira answer by themselves",
    503: "listed for 4 operations; sites are down for maintenance as a whole",
    504: "listed for 1 operation; gateways in front of Jira answer by themselves",
}
"""Statuses that any operation may answer, described or not; and how that is known."""

ALIKE: Final[dict[str, str]] = {
    "a body of an empty schema": "may be there and need not: in each of the 98 of 146 answers with 204 that "
    "list one there can be none (RFC 9110, 15.3.5)",
    "closed beside a choice": "additionalProperties: false beside oneOf or anyOf forbids what its own "
    "choices require; five schemas say so, WorkflowCondition with no member of its own",
    "times": "have a zone without colon: 2021-01-17T12:34:00.000+0000 in its own examples of date-time",
    "lists in a query": 'may be separated by commas: its parameters say "comma-separated list"',
    "a refusal without a schema": "has that of all others, ErrorCollection",
}
"""What is read otherwise than it says, or where it is silent, wherever it stands; and how known."""

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
