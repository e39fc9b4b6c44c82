"""Single-use tickets for downloads: a top-level GET cannot carry the token of a page."""

from django.db import models

from backbone_app.models.site import Site


class DownloadTicket(models.Model):
    """The right of one person to fetch one thing once, within a minute.

    ``digest`` is the SHA-256 of the ticket as hex: the table alone opens nothing. ``what`` names
    what is fetched, ``account``, ``page``, ``space`` and ``synchronization`` whose it is and of what.
    """

    digest = models.CharField(max_length=64, unique=True)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="download_tickets")
    account = models.CharField(max_length=128)
    page = models.CharField(max_length=48, default="", blank=True)
    what = models.CharField(max_length=32)
    space = models.CharField(max_length=32, default="", blank=True)
    synchronization = models.UUIDField(null=True, blank=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.what
