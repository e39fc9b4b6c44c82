"""``manage.py mark_uninstalled``: a site removed the app, and Jira's word of it never came or was lost."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backbone_app.errors import BackboneError
from backbone_app.services import leaving, tenants


class Command(BaseCommand):
    """For a site that was reset, or removed the app after the backup that was restored."""

    requires_system_checks = ()  # nothing here is about pages
    help = (
        "Forget the secrets of a site that removed the app without our hearing of it, and begin its grace. "
        "A site that still has the app has to install it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the site."""
        parser.add_argument("site", help="its address, or our id of it")

    def handle(self, *_: object, site: str, **__: Any) -> None:
        """Mark it; CommandError where the name fits no site or several, or the site is marked already."""
        try:
            site_id = leaving.find(site)
            tenants.mark_uninstalled(site_id, now=timezone.now())
        except BackboneError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"site={site_id} is marked as uninstalled: its secrets are gone, its synchronizations pause. "
            "Its rows are erased when the grace is over, or by erase_site; installed again, it goes on."
        )
