"""What we have learned of a space's workflows: one row per transition seen.

A Connect app may not read Jira's workflow graphs; what a work item offers in
its present status is all that Jira tells us, so we remember it.
"""

from django.db import models

from backbone_app.models.site import Site


class WorkflowStep(models.Model):
    """A transition that was offered to a work item of this type in the status ``source``.

    Statuses are names; ``required`` are the ids of fields its screen demands,
    ``category`` is that of the target, empty where nobody said.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    space = models.CharField(max_length=64)
    type_id = models.CharField(max_length=64)
    source = models.CharField(max_length=255)
    transition = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    target = models.CharField(max_length=255)
    required = models.JSONField(default=list)
    category = models.CharField(max_length=64, default="", blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        """A transition is offered once in a status."""

        constraints = [
            models.UniqueConstraint(
                fields=["site", "space", "type_id", "source", "transition"], name="one_row_per_transition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} - {self.name} -> {self.target}"
