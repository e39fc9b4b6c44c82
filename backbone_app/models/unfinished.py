"""What somebody entered and has not sent yet."""

from django.db import models

from backbone_app.models.site import Site


class Unfinished(models.Model):
    """A synchronization that somebody has begun to create from a space: their own, nobody else ever sees it.

    ``way`` is how it is to be created, ``entered`` what was entered so far by the names of the fields, texts
    only and never a secret, ``done`` how many steps are behind them.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="unfinished")
    space = models.CharField(max_length=64)
    account = models.CharField(max_length=128)
    way = models.CharField(max_length=32)
    entered = models.JSONField(default=dict)
    done = models.PositiveSmallIntegerField(default=0)
    touched_at = models.DateTimeField()

    class Meta:
        """One for each person and space."""

        constraints = [
            models.UniqueConstraint(fields=["site", "space", "account"], name="one_unfinished_per_author")
        ]

    def __str__(self) -> str:
        return str(self.pk)
