"""A customer's Jira."""

import uuid

from django.db import models

from backbone_app.models.sealing import SealedField


class SiteStatus(models.TextChoices):
    """What the lifecycle callbacks told us last."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    UNINSTALLED = "uninstalled"


class Site(models.Model):
    """One Jira instance that our app is on; its two secrets are sealed.

    ``client_key`` is Jira's name for the installation and stays the same on a
    re-install; ``app_account`` is the account our writes carry there. ``installed_at`` is when Atlassian
    signed the installation: what it signed before that is old news.
    ``clock_offset_ms`` is how far the site's clock is ahead of ours,
    ``clock_step_ms`` the largest jump of it that was seen. ``turn_at`` is when
    work for it was last taken up: who waited longest is next. ``retention_days``
    says how long its values stay in the activity feed, 0: they are never kept.
    ``is_restricted``: only members of its ``AllowedGroup`` rows may use the pages
    (and system admins, always).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_key = models.CharField(max_length=255, unique=True)
    base_url = models.CharField(max_length=255)
    status = models.CharField(max_length=16, choices=SiteStatus.choices, default=SiteStatus.DISABLED)
    secret_sealed = SealedField(table="site", part="secret", site="id")
    digest_key_sealed = SealedField(table="site", part="digest_key", site="id")
    app_account = models.CharField(max_length=128, default="", blank=True)
    installed_at = models.DateTimeField()
    clock_offset_ms = models.IntegerField(default=0)
    clock_step_ms = models.PositiveIntegerField(default=0)
    turn_at = models.DateTimeField(null=True, blank=True)
    retention_days = models.PositiveSmallIntegerField(default=30)
    is_restricted = models.BooleanField(default=False, db_default=False)  # code of before may still insert

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


class AllowedGroup(models.Model):
    """A group whose members may use the pages of a restricted site; ``group`` is Jira's id of it.

    ``name`` is what it was called when it was chosen: told to those who are not in it.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="allowed_groups")
    group = models.CharField(max_length=64)
    name = models.CharField(max_length=255)

    class Meta:
        """A group is allowed once."""

        constraints = [models.UniqueConstraint(fields=["site", "group"], name="one_row_per_allowed_group")]

    def __str__(self) -> str:
        return self.group
