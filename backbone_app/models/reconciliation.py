"""How far one side of a synchronization is known to be complete."""

from django.db import models

from backbone_app.models.synchronization import SynchronizationSide


class Reconciliation(models.Model):
    """The check of one side for changes that no delivery told of.

    ``point``: every change before it (our clock) is known. ``due_at`` is when
    the next check is wanted, ``busy_until`` the claim of the worker that does
    it. ``begun_at`` is when the check under way began, over all its turns, and
    ``reached`` the id of the last work item (by key) that its search has come to.
    ``whole`` asks for a check of every paired item, missing ones included.
    ``cursor`` is the half of a pair that such a check under way has come to,
    ``missing`` how many it could not find by then. ``found`` counts all changes
    found so far that we had not been told of, ``interval_s`` is the time between
    checks: it grows while nothing is found.
    """

    half = models.OneToOneField(SynchronizationSide, on_delete=models.CASCADE, related_name="reconciliation")
    point = models.DateTimeField()
    due_at = models.DateTimeField()
    busy_until = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    reached = models.CharField(max_length=64, default="", blank=True)
    whole = models.BooleanField(default=False)
    whole_at = models.DateTimeField(null=True, blank=True)
    cursor = models.BigIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)
    interval_s = models.PositiveIntegerField(default=900)
    checked = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)

    class Meta:
        """The longest overdue is next."""

        indexes = [models.Index(fields=["due_at"], name="reconciliation_by_due")]

    def __str__(self) -> str:
        return f"{self.half_id} to {self.point:%Y-%m-%d %H:%M}"
