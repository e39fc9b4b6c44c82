"""A customer's Jira."""

import uuid

from django.db import models


class SiteStatus(models.TextChoices):
    """What the lifecycle callbacks told us last."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    UNINSTALLED = "uninstalled"


class Site(models.Model):
    """One Jira instance that our app is on; the shared secret is sealed (``ledger.secrets``).

    ``client_key`` is Jira's name for the installation and stays the same on a
    re-install; ``app_account`` is the account our writes carry there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_key = models.CharField(max_length=255, unique=True)
    base_url = models.CharField(max_length=255)
    status = models.CharField(max_length=16, choices=SiteStatus.choices, default=SiteStatus.DISABLED)
    secret_sealed = models.BinaryField(default=bytes)
    digest_key_sealed = models.BinaryField(default=bytes)
    app_account = models.CharField(max_length=128, default="", blank=True)
    installed_at = models.DateTimeField()

    class Meta:
        """One enabled site per address: a request is resolved by its base URL."""

        constraints = [
            models.UniqueConstraint(
                fields=["base_url"],
                condition=models.Q(status=SiteStatus.ENABLED),
                name="one_enabled_site_per_base_url",
            )
        ]

    def __str__(self) -> str:
        return self.base_url
