"""What is counted and measured of the service, for Prometheus.

Each thing is counted where it happens, by one line there: ``metrics.WEBHOOKS.up(event=…, result=…)``.
A label takes one of the values that are declared for it (``labels``), anything else is counted as
``other``: neither a site, an account, a key nor a text can become one, and a family has an end.

With ``BACKBONE_METRICS_DIR`` the processes of one machine add theirs up in files there (``slots``);
without it a process has its own only. What is read from the tables when somebody asks
is ``services.telemetry``'s.
"""

from backbone_app.metrics.families import (
    COUNTERS,
    GAUGES,
    MEASURES,
    Counter,
    Gauge,
    Measure,
    Reading,
    exposition,
)
from backbone_app.metrics.labels import OTHER
from backbone_app.metrics.named import (
    ANSWERS_FAILED,
    CONFLICTS,
    DIFFERING,
    DRIFT,
    ECHOES,
    EGRESS_REFUSED,
    JIRA_REQUESTS,
    JIRA_SECONDS,
    JOB_SECONDS,
    JOBS,
    LANES_REPLACED,
    MAILS,
    OVERHEAD,
    PACKAGES_REFUSED,
    POINTS,
    PROPAGATION,
    RATE_LIMITED,
    REJECTIONS,
    RETRY_WAIT,
    ROUNDS,
    SECRETS_UNREADABLE,
    TOKENS_RENEWED,
    WEBHOOK_ACK,
    WEBHOOKS,
    WRITES,
)

__all__ = [
    "ANSWERS_FAILED",
    "CONFLICTS",
    "COUNTERS",
    "DIFFERING",
    "DRIFT",
    "ECHOES",
    "EGRESS_REFUSED",
    "GAUGES",
    "JIRA_REQUESTS",
    "JIRA_SECONDS",
    "JOBS",
    "JOB_SECONDS",
    "LANES_REPLACED",
    "MAILS",
    "MEASURES",
    "OTHER",
    "OVERHEAD",
    "PACKAGES_REFUSED",
    "POINTS",
    "PROPAGATION",
    "RATE_LIMITED",
    "REJECTIONS",
    "RETRY_WAIT",
    "ROUNDS",
    "SECRETS_UNREADABLE",
    "TOKENS_RENEWED",
    "WEBHOOKS",
    "WEBHOOK_ACK",
    "WRITES",
    "Counter",
    "Gauge",
    "Measure",
    "Reading",
    "exposition",
]
