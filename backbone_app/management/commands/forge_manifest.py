"""``manage.py forge_manifest``: write the manifest by which our modules are installed as a Forge app."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backbone_app.errors import InvalidInput
from backbone_app.services import forge_manifest
from backbone_app.services.forge_manifest import NOBODY, ForgeApp


class Command(BaseCommand):
    """Reads ``atlassian-connect.json`` and the settings, writes one file; the database is not asked."""

    requires_system_checks = ()
    help = "Write the manifest.yml that wraps atlassian-connect.json for `forge deploy`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the Forge app's id, servers of regions, and where to write or what to compare."""
        parser.add_argument(
            "--app-id",
            default=settings.BACKBONE_FORGE_APP_ID,
            help="ari:cloud:ecosystem::app/… of `forge register`; default: BACKBONE_FORGE_APP_ID",
        )
        parser.add_argument(
            "--region",
            action="append",
            default=[],
            metavar="EU=https://…",
            help="a server for sites whose data stays in that region; can be given several times",
        )
        parser.add_argument("--output", type=Path, default=Path("manifest.yml"), help="default: %(default)s")
        parser.add_argument("--check", type=Path, metavar="FILE", help="only tell whether FILE is up to date")

    def handle(
        self, *_: object, app_id: str, region: list[str], output: Path, check: Path | None, **__: object
    ) -> None:
        """Write or compare; CommandError (status 1) for what cannot be used, and where FILE differs."""
        _must_be_ours(app_id)
        text = self._text(app_id, region)
        if check is not None:
            self._compare(check, text)
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as refused:
            raise CommandError(f"{output} cannot be written: {refused.strerror}.") from refused
        following = (
            "`forge register` comes" if app_id == NOBODY else "`forge deploy` and `forge install` come"
        )
        self.stdout.write(f"{output} is written; {following} next.")

    def _text(self, app_id: str, region: list[str]) -> str:
        regions = dict(_region(each) for each in region)
        if len(regions) < len(region):
            raise CommandError("--region: a region is named twice. Name each once.")
        try:
            app = ForgeApp(app_id, settings.BACKBONE_APP_KEY, settings.BACKBONE_BASE_URL, regions)
        except InvalidInput as wrong:
            raise CommandError(f"{_NAMES[wrong.field]}: {wrong}") from wrong
        return forge_manifest.written(settings.BASE_DIR / "atlassian-connect.json", app)

    def _compare(self, file: Path, text: str) -> None:
        try:
            found = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as refused:
            raise CommandError(f"{file} cannot be read. Write it with --output {file}.") from refused
        if lines := forge_manifest.difference(found, text):
            self.stdout.write(lines)
            raise CommandError(f"{file} is not what would be written. Write it again without --check.")
        self.stdout.write(f"{file} is up to date.")


_NAMES = {"app_id": "--app-id", "region": "--region", "base_url": "BACKBONE_BASE_URL"}


def _must_be_ours(app_id: str) -> None:
    """Refuse an app whose calls these settings would refuse; without a setting nothing is known of it yet."""
    if not app_id:
        raise CommandError("Write --app-id as `forge register` has shown it, or set BACKBONE_FORGE_APP_ID.")
    ours = settings.BACKBONE_FORGE_APP_ID
    if ours and app_id != ours:
        raise CommandError(
            f"--app-id is {app_id!r}, BACKBONE_FORGE_APP_ID is {ours!r}: these settings would refuse "
            "what Forge calls for that app. Set BACKBONE_FORGE_APP_ID to the one that is installed, "
            "or leave --app-id out."
        )


def _region(entry: str) -> tuple[str, str]:
    name, is_one, address = entry.partition("=")
    if not is_one:
        raise CommandError(f"--region: {entry!r} names no address. Write it as EU=https://eu.example.com.")
    return name, address.rstrip("/")
