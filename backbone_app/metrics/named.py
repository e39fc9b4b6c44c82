"""Everything that is counted where it happens, and what the tables show, by name.

Names and units are Prometheus's: seconds, and ``_total`` for what only grows.
"""

from typing import Final

from backbone_app.metrics import labels
from backbone_app.metrics.families import Counter, Gauge, Measure

_CALL: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
_WAY: Final = (0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 15.0, 30.0, 60.0, 300.0, 900.0, 3600.0)

WEBHOOKS: Final = Counter(
    "sync_webhooks_received_total",
    "Webhooks of work items that were properly signed, and what became of them.",
    event=labels.EVENTS,
    result=labels.WEBHOOK_RESULTS,
)
WEBHOOK_ACK: Final = Measure(
    "sync_webhook_ack_seconds",
    "Until a webhook was answered; Jira waits for five seconds.",
    bounds=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
)
DIFFERING: Final = Counter(
    "sync_webhooks_differing_total", "Webhooks that came again under their identifier with another body."
)
ECHOES: Final = Counter(
    "sync_echo_suppressed_total", "Webhooks about our own writes, which led to no further ones."
)
PROPAGATION: Final = Measure(
    "sync_propagation_seconds",
    "From a person's edit, by its site's clock, until Jira took our write on the other side.",
    bounds=_WAY,
)
OVERHEAD: Final = Measure(
    "sync_overhead_seconds",
    "From a webhook's receipt until its work item and the twin were in step.",
    bounds=_WAY,
)
WRITES: Final = Counter(
    "sync_writes_total", "Writes that were begun, each known before its effect.", kind=labels.WRITE_KINDS
)
CONFLICTS: Final = Counter(
    "sync_conflicts_total",
    "Fields that both sides had changed to different values.",
    policy=labels.POLICIES,
    outcome=labels.CONFLICT_OUTCOMES,
)
ROUNDS: Final = Counter(
    "sync_rounds_total", "Looks at a pair, and how they ended.", result=labels.ROUND_RESULTS | labels.CODES
)
DRIFT: Final = Counter("sync_reconcile_drift_total", "Changes that a check found and no webhook had told of.")
JOBS: Final = Counter(
    "sync_jobs_total", "Jobs done by the lanes.", job=labels.JOB_NAMES, result=labels.JOB_RESULTS
)
JOB_SECONDS: Final = Measure(
    "sync_job_seconds",
    "How long jobs took.",
    bounds=(0.01, 0.1, 1.0, 5.0, 15.0, 60.0, 300.0),
    job=labels.JOB_NAMES,
)
MAILS: Final = Counter(
    "sync_mails_total",
    "Tries to hand a mail to the server, and what came of them.",
    result=labels.MAIL_RESULTS,
)
LANES_REPLACED: Final = Counter(
    "sync_lanes_replaced_total", "Lanes whose processes ended or hung.", lane=labels.LANES
)
PACKAGES_REFUSED: Final = Counter(
    "sync_packages_refused_total", "Packages in the queue that were no wake-ups of ours."
)
JIRA_REQUESTS: Final = Counter(
    "jira_requests_total",
    "Calls to Jira sites; reason is why Jira told us to wait.",
    endpoint=labels.ENDPOINTS,
    code=labels.STATUSES,
    reason=labels.LIMIT_REASONS,
)
JIRA_SECONDS: Final = Measure(
    "jira_request_seconds", "How long calls to Jira sites took.", bounds=_CALL, endpoint=labels.ENDPOINTS
)
RETRY_WAIT: Final = Measure(
    "jira_retry_wait_seconds",
    "How long a part of Jira was left alone, because it said so or did not answer.",
    bounds=(1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0),
    reason=labels.WAIT_REASONS,
)
POINTS: Final = Counter(
    "jira_points_spent_total", "Points of Jira's that our calls cost, by lane.", pool=labels.LANES
)
REJECTIONS: Final = Counter(
    "auth_rejections_total", "Calls that were turned away, by what was wrong.", case=labels.AUTH_CASES
)
RATE_LIMITED: Final = Counter(
    "rate_limited_total", "Calls that came too often, by who is counted.", kind=labels.RATES
)
EGRESS_REFUSED: Final = Counter(
    "ssrf_blocked_total", "Addresses that were not called.", case=labels.EGRESS_CASES
)
SECRETS_UNREADABLE: Final = Counter(
    "secrets_unreadable_total", "Sealed values that the keys of the ring did not open."
)
ANSWERS_FAILED: Final = Counter(
    "http_answers_failed_total", "Requests that were answered 5xx, by error.", code=labels.ANSWER_CODES
)
TOKENS_RENEWED: Final = Counter(
    "oauth_tokens_renewed_total", "Times the next tokens of a link were asked for.", result=labels.RENEWALS
)

READABLE: Final = Gauge("sync_tables_readable", "1 while the tables answer within a second, else 0.")
INBOX_DEPTH: Final = Gauge("sync_inbox_depth", "Webhooks that are still to be used.")
INBOX_AGE: Final = Gauge("sync_inbox_oldest_age_seconds", "Age of the oldest of them.")
DEAD_LETTERS: Final = Gauge("sync_dead_letters", "Webhooks that have waited for more than a day.")
DUE: Final = Gauge("sync_pairs_due", "Pairs that are to be looked at.", lane=labels.LANES)
STALLED: Final = Gauge("sync_pairs_stalled", "Pairs whose turn was ten minutes ago and that nobody works on.")
FAILURES: Final = Gauge("sync_failures", "Errors that wait for a person, by code.", code=labels.CODES)
SYNCHRONIZATIONS: Final = Gauge("sync_synchronizations", "Synchronizations by state.", state=labels.STATES)
PAUSED: Final = Gauge("sync_paused", "Synchronizations that we paused, by reason.", reason=labels.CODES)
SITES: Final = Gauge("sync_sites", "Sites by what the lifecycle calls told last.", status=labels.SITE_STATES)
LINKS: Final = Gauge("sync_links", "Links to sites without the app.", status=labels.LINK_STATES)
LICENCES: Final = Gauge("sync_licences", "Enabled sites by licence.", licence=labels.LICENCES)
HELD: Final = Gauge("jira_held_off", "Parts of Jira that are left alone now.", reason=labels.WAIT_REASONS)
POINTS_LEFT: Final = Gauge(
    "jira_points_budget_remaining", "Points that all Cloud sites may still spend this hour."
)
LEFTOVERS: Final = Gauge("sync_leftovers", "Properties of ours that are still to be removed from sites.")
SIGN_AGE: Final = Gauge(
    "sync_sign_of_life_age_seconds",
    "Since a lane or what runs now and then was last alive.",
    sign=labels.SIGNS,
)
HOLDS: Final = Gauge("sync_service_holds", "Reasons why nothing is written to any Jira.")
SECRETS: Final = Gauge(
    "secrets_by_key_id",
    "Secrets of sites by the key they are sealed under: the first of the ring, an older one, none of it.",
    key=frozenset({"first", "older", "missing"}),
)
