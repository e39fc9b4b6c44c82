"""A customer's Jira."""

import uuid
from typing import Final

from django.db import models

from backbone_app.models.sealing import SealedField


class SiteStatus(models.TextChoices):
    """What the lifecycle callbacks told us last; ``LINKED``: our app is not on it, a link leads there."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    UNINSTALLED = "uninstalled"
    LINKED = "linked"


AT_WORK: Final = (SiteStatus.ENABLED, SiteStatus.LINKED)
"""Sites whose work items can be read and written."""


class Product(models.TextChoices):
    """Which of Atlassian's two Jiras a site is."""

    CLOUD = "cloud"
    DATA_CENTER = "data center"


class Licence(models.TextChoices):
    """What Jira says of the licence of our app on a site; empty until it was asked."""

    UNKNOWN = ""
    ACTIVE = "active"
    EVALUATION = "evaluation"
    NONE = "none"


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

    ``cloud_id`` and ``installation`` are Atlassian's names for the site and for this
    installation of the Forge app, ``display_url`` the address its people see where it is another
    one. ``previous_secret_sealed`` still opens what was signed before a re-install, until
    ``previous_until``. ``pending_base_url`` and ``pending_secret_sealed`` came with an installation
    that named another address: they wait, since ``pending_since``, for the proof that Jira answers there.
    ``lifecycle_at`` is when Atlassian signed the newest lifecycle call that counted, ``lifecycle_digest``
    the SHA-256 of that call, hex; ``notice_at`` the same time of ``enabled`` and ``disabled``.
    ``licence`` is what Jira said of it last, at ``licence_at``. ``uninstalled_at``, by our clock, begins the
    grace until its rows are erased; ``reports_due_at`` is when its people's accounts are to be reported next.
    A linked site has no secret, its ``Link`` has tokens; who let us in is ``app_account``: a person, who may
    write there by hand as well.
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
    # Columns from here on have a default in the database: code of before may still insert.
    is_restricted = models.BooleanField(default=False, db_default=False)
    cloud_id = models.CharField(max_length=64, default="", db_default="", blank=True)
    installation = models.CharField(max_length=128, default="", db_default="", blank=True)
    display_url = models.CharField(max_length=255, default="", db_default="", blank=True)
    previous_secret_sealed = SealedField(table="site", part="previous_secret", site="id", db_default=b"")
    previous_until = models.DateTimeField(null=True, blank=True)
    pending_base_url = models.CharField(max_length=255, default="", db_default="", blank=True)
    pending_secret_sealed = SealedField(table="site", part="pending_secret", site="id", db_default=b"")
    pending_since = models.DateTimeField(null=True, blank=True)
    lifecycle_at = models.DateTimeField(null=True, blank=True)
    lifecycle_digest = models.CharField(max_length=64, default="", db_default="", blank=True)
    notice_at = models.DateTimeField(null=True, blank=True)
    licence = models.CharField(
        max_length=16,
        choices=Licence.choices,
        default=Licence.UNKNOWN,
        db_default=Licence.UNKNOWN,
        blank=True,
    )
    licence_at = models.DateTimeField(null=True, blank=True)
    uninstalled_at = models.DateTimeField(null=True, blank=True)
    reports_due_at = models.DateTimeField(null=True, blank=True)
    product = models.CharField(
        max_length=16, choices=Product.choices, default=Product.CLOUD, db_default=Product.CLOUD
    )

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

    @property
    def apps_account(self) -> str:
        """The account that nobody but the app has; empty where a person lets us act as themself."""
        return "" if self.status == SiteStatus.LINKED else self.app_account

    def is_the_apps(self, account: str) -> bool:
        """Whether an account is the app's and nobody else's; who is not named is not the app."""
        return bool(account) and account == self.apps_account


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


class Tombstone(models.Model):
    """What is left of an erased site: our id of it, and how many rows each table lost; nothing Jira named.

    It is the proof that the erasure was done; a site that comes back gets another id.
    """

    site = models.UUIDField(primary_key=True)
    erased_at = models.DateTimeField()
    rows = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.site)


class ForgeInstallation(models.Model):
    """An installation of the Forge app that wraps our modules, as Forge's own calls tell of it.

    ``site`` is the one that Connect's callback brought for the same installation, empty until then.
    ``version`` is that of the Forge app there, ``environment`` its type (``PRODUCTION``), ``licence`` what
    the token of the newest call said, ``seen_at`` when Forge signed it.
    """

    installation = models.CharField(max_length=128, primary_key=True)
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, null=True, blank=True, related_name="forge_installations"
    )
    cloud_id = models.CharField(max_length=64, db_index=True)
    environment = models.CharField(max_length=32, default="", blank=True)
    version = models.CharField(max_length=64, default="", blank=True)
    licence = models.CharField(max_length=16, choices=Licence.choices, default=Licence.UNKNOWN, blank=True)
    installed_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.installation
