"""What administrators did, as their site's Jira admins may read it."""

from django.db import models

from backbone_app.models.site import Site


class AuditEntry(models.Model):
    """One administrative act: who, what, when, from which page. It is never changed, only forgotten.

    The row belongs to one site; an act on something shared has one in either site's log.
    ``account`` is Jira's account id of the person on this site, empty where somebody else
    acted: Jira itself, the partner's side, or we; ``actor`` says which of them.
    ``act`` is a code of ``ledger.audit``, ``page`` where the call came from, ``space`` Jira's
    id of this site's space. ``synchronization`` is no foreign key: the log outlives what was
    deleted. ``detail`` holds keys, addresses of sites, names of groups and counts, never a
    text of a work item.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="audit_entries")
    at = models.DateTimeField()
    actor = models.CharField(max_length=16)
    account = models.CharField(max_length=128, default="", blank=True)
    act = models.CharField(max_length=48)
    page = models.CharField(max_length=48, default="", blank=True)
    space = models.CharField(max_length=32, default="", blank=True)
    synchronization = models.UUIDField(null=True, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        """Read by site, newest first."""

        indexes = [models.Index(fields=["site", "-at", "-id"], name="audit_of_site")]

    def __str__(self) -> str:
        return self.act
