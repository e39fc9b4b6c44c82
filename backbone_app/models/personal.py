"""Whose personal data we hold, and what is still ours to take away from a site."""

from django.db import models

from backbone_app.models.site import Site


class AccountReport(models.Model):
    """An account id that this site's rows hold, for Atlassian's cycle of reports.

    ``known_at`` is when we last learned something of the person from Jira, ``reported_at`` when
    Atlassian was last asked whether the account still stands; empty: not yet.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="account_reports")
    account = models.CharField(max_length=128)
    known_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """An account is reported once a cycle for a site."""

        constraints = [models.UniqueConstraint(fields=["site", "account"], name="one_report_per_account")]
        indexes = [models.Index(fields=["site", "reported_at"], name="report_by_age")]

    def __str__(self) -> str:
        return str(self.pk)


class Leftover(models.Model):
    """A property of ours that is still to be removed from a work item, or from a comment on it.

    It outlives the synchronization it came from. ``comment`` is empty for the work item's own property;
    ``attempts`` counts tries in a row that came to nothing, for the time until the next one; ``task``
    is Jira's id of the task that is removing it with others, empty where none is.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="leftovers")
    item = models.CharField(max_length=64)
    comment = models.CharField(max_length=64, default="", blank=True)
    attempts = models.PositiveIntegerField(default=0)
    task = models.CharField(max_length=64, default="", db_default="", blank=True)
    not_before = models.DateTimeField()

    class Meta:
        """A property is removed once; the longest overdue is next."""

        constraints = [
            models.UniqueConstraint(fields=["site", "item", "comment"], name="one_leftover_per_property")
        ]
        indexes = [models.Index(fields=["not_before"], name="leftover_by_time")]

    def __str__(self) -> str:
        return f"{self.item} {self.comment}".strip()


class LateWrite(models.Model):
    """A creation of ours whose outcome nobody knew when its synchronization was deleted.

    What it made may show up yet, with a property of ours. ``nonce`` is the id that its intent had, by which
    that is known: a work item made in ``space`` since ``since``, or, where ``item`` is not empty, a comment
    on that work item. Before ``not_before`` a search proves nothing.
    """

    nonce = models.UUIDField(primary_key=True)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="late_writes")
    space = models.CharField(max_length=64, default="", blank=True)
    item = models.CharField(max_length=64, default="", blank=True)
    since = models.DateTimeField()
    not_before = models.DateTimeField()

    class Meta:
        """The longest overdue is next."""

        indexes = [models.Index(fields=["not_before"], name="late_write_by_time")]

    def __str__(self) -> str:
        return str(self.nonce)
