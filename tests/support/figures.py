"""What Prometheus would read of this process."""

from collections.abc import Iterable

from prometheus_client.parser import text_string_to_metric_families

from backbone_app import metrics
from backbone_app.metrics import Reading

Samples = dict[tuple[str, tuple[str, ...]], float]
"""Values by a sample's name and the values of its labels, in the order of their names."""


def samples(readings: Iterable[Reading] = ()) -> Samples:
    """Everything that was counted so far, and these readings."""
    return parsed(metrics.exposition(readings).decode())


NAMED_BY_JIRA = ("sync_webhooks_received", "jira_requests", "jira_retry_wait")
"""Families with a label that a Jira fills in: whatever it makes up is "other", and meant to be."""


def undeclared() -> dict[str, float]:
    """What was counted as "other" so far: values of labels that nobody has declared."""
    found: dict[str, float] = {}
    for (name, labels), value in samples().items():
        if metrics.OTHER in labels and not name.startswith(NAMED_BY_JIRA):
            found[name] = found.get(name, 0.0) + value
    return found


def parsed(text: str) -> Samples:
    """Read the text as Prometheus does."""
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
