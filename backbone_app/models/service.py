"""What holds for the whole service, whichever process asks."""

from django.db import models


class ServiceHold(models.Model):
    """A reason why nothing may be written to any Jira for now; there is none in ordinary days.

    ``name`` says which, ``since`` when it began, ``point`` the moment up to which our tables are
    known to be true: after a restore, that of the backup.
    """

    name = models.CharField(max_length=32, primary_key=True)
    since = models.DateTimeField()
    point = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
