"""The values that labels take: closed sets, so that neither people nor a Jira can make up new ones."""

from typing import Final

from backbone_app.core.failures import RULES
from backbone_app.core.handshake import STORED

OTHER: Final = "other"
"""Stands for whatever is not declared here."""

LANES: Final = frozenset({"live", "bulk"})
SIGNS: Final = LANES | {"sweep", "tidy"}
"""What leaves signs of life: the lanes, and what has to run now and then."""
STATES: Final = frozenset(STORED)
SITE_STATES: Final = frozenset({"enabled", "disabled", "uninstalled", "linked"})
LINK_STATES: Final = frozenset({"working", "broken"})
LICENCES: Final = frozenset({"unknown", "active", "evaluation", "none"})
CODES: Final = frozenset(RULES)
"""Codes of what stands in the way of a work item, or pauses a synchronization."""

AUTH_CASES: Final = frozenset(
    {
        *("algorithm", "audience", "claims", "client_key", "expired", "far_expiry", "header", "kid"),
        *("no_token", "not_yet", "old_news", "qsh", "shape", "signature", "ticket", "token_in_query"),
        *("two_tokens", "unknown_key", "unknown_site", "link", "state", "hook"),
        *("app_id", "cloud_id", "environment", "installation", "issuer"),  # of what a Forge app signs
        *("not_allowed", "not_found", "malformed", "not_json", "too_large", "forbidden"),
        *("no_such_address", "method"),
    }
)
"""Why a call was turned away: the cases of ``NotAuthenticated``, and what ``web.errors`` counts besides."""

EVENTS: Final = frozenset(
    {
        *("jira:issue_created", "jira:issue_updated", "jira:issue_deleted"),
        *("comment_created", "comment_updated", "comment_deleted"),
        *("attachment_created", "attachment_deleted", "issuelink_created", "issuelink_deleted"),
        *("worklog_created", "worklog_updated", "worklog_deleted"),
        *("issue_property_set", "issue_property_deleted"),
        *("jira:version_created", "jira:version_updated", "jira:version_deleted"),
        *("jira:version_released", "jira:version_unreleased", "jira:version_moved", "jira:version_merged"),
        *("project_created", "project_updated", "project_deleted"),
        *(
            "project_soft_deleted",
            "project_restored_deleted",
            "project_archived",
            "project_restored_archived",
        ),
        *("user_created", "user_updated", "user_deleted"),
    }
)
WEBHOOK_RESULTS: Final = frozenset({"taken", "repeated", "unwanted", "without_item"})

METHODS: Final = ("GET", "POST", "PUT", "DELETE")
_PATHS: Final = (
    *("myself", "user/bulk", "user/groups", "groups/picker", "permissions/check"),
    *("project/search", "project/{id}", "project/{id}/statuses"),
    *("issue/createmeta/{id}/issuetypes", "issue/createmeta/{id}/issuetypes/{id}"),
    *("search/jql", "issue/bulkfetch", "issue", "issue/bulk", "issue/{id}", "issue/{id}/changelog"),
    *("issue/{id}/transitions", "issue/{id}/comment", "issue/{id}/comment/{id}"),
    *("comment/{id}/properties/{key}", "issue/{id}/properties/{key}", "issue/properties/{key}"),
    *("task/{id}",),
    *("search", "user", "project", "mypermissions", "serverInfo"),
)
_ELSEWHERE: Final = (
    "/rest/atlassian-connect/latest/report-accounts",
    "/rest/atlassian-connect/{id}/addons/{key}",
    *("/oauth/token/accessible-resources", "/rest/api/3/webhook", "/rest/api/3/webhook/refresh"),
    *("/rest/webhooks/1.0/webhook", "/rest/webhooks/1.0/webhook/{id}"),
    *("/rest/jira-webhook/1.0/webhooks", "/rest/jira-webhook/1.0/webhooks/{id}"),
)
ENDPOINTS: Final = frozenset(
    f"{method} {path}"
    for method in METHODS
    for path in (*(f"/rest/api/{number}/{path}" for number in (2, 3) for path in _PATHS), *_ELSEWHERE)
)
"""Calls to Jira by method and path, without ids and keys; docs/jira-operations.md is held against it."""

STATUSES: Final = frozenset(
    {
        *("200", "201", "202", "204", "301", "302", "303", "307", "308", "400", "401", "403", "404", "405"),
        *("408", "409", "410", "412", "413", "415", "422", "429", "500", "502", "503", "504", "none"),
    }
)
"""``none``: there was no answer."""
LIMIT_REASONS: Final = frozenset(
    {
        *("", "jira-quota-global-based", "jira-quota-tenant-based", "jira-burst-based"),
        *("jira-per-issue-on-write", "http-429", "http-503"),
    }
)
"""Why Jira told us to wait, as it says itself; empty: it did not."""
WAIT_REASONS: Final = (LIMIT_REASONS - {""}) | {"unreachable"}

EGRESS_CASES: Final = frozenset({"base_url", "call", "resolved"})
RENEWALS: Final = frozenset({"renewed", "refused", "no answer"})
"""What became of asking for the next tokens of a link."""
RATES: Final = frozenset({"address", "refusal", "webhook", "person", "site", "guess"})
ANSWER_CODES: Final = frozenset(
    {"crash", "error", "remote_busy", "remote_unreachable", "outcome_unknown", "remote_error"}
    | {"remote_refused", "remote_missing", "remote_moved", "secret_unreadable", "lease_lost"}
    | {"link_broken"}
)
WRITE_KINDS: Final = frozenset({"create", "edit", "unmark", "move", "comment"})
POLICIES: Final = frozenset({"newer", "left", "right", "ask"})
CONFLICT_OUTCOMES: Final = frozenset(
    f"{side} won{how}" for side in ("left", "right") for how in ("", " tie", " followed")
)
ROUND_RESULTS: Final = frozenset({"settled", "failed", "lease_lost", "database_lost"}) | {
    *("edit_conflict", "still_changing", "outcome_unknown", "remote_busy", "remote_unreachable"),
    *("secret_unreadable", "egress_refused", "remote_refused", "remote_missing", "remote_moved"),
    "link_broken",
}
JOB_NAMES: Final = frozenset(
    {
        *("pair_up", "sync", "sync_bulk", "reconcile", "sweep", "tidy", "beat_live", "beat_bulk"),
        *("maintain_sites", "remove_properties", "follow_departures", "follow_licences", "follow_hooks"),
        "follow_links",
        *("report_accounts", "send_notices"),
    }
)
MAIL_RESULTS: Final = frozenset({"sent", "put_off", "refused", "given_up", "void"})
"""``void``: nobody wants it any more."""
JOB_RESULTS: Final = frozenset({"done", "failed"})
