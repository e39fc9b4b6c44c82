"""``manage.py erase_site``: erase a site that removed the app, or prove that it is erased."""

from argparse import ArgumentParser
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backbone_app.errors import BackboneError
from backbone_app.services import leaving


class Command(BaseCommand):
    """Can be stopped and started again at any time; web servers and workers may run."""

    requires_system_checks = ()  # nothing here is about pages
    help = "Erase everything of a site that removed the app, and print how many rows of each table name it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the site, and whether to wait for its grace or only to count."""
        name = "its address, or our id of it (after the erasure only the id is known)"
        again = "erase what the erasure log names and a restored backup brought back"
        parser.add_argument("site", nargs="?", help=name)
        parser.add_argument("--now", action="store_true", help="do not wait until the grace is over")
        parser.add_argument("--dry-run", action="store_true", help="only count its rows")
        parser.add_argument("--again", action="store_true", help=again)

    def handle(
        self, *_: object, site: str | None, now: bool, dry_run: bool, again: bool, **__: object
    ) -> None:
        """Erase or count; CommandError (status 1) where that site must not be erased, or rows are left."""
        if again == bool(site):
            raise CommandError("Name a site, or choose --again.")
        try:
            sites = (
                leaving.erase_again(timezone.now)
                if again
                else self._erased(site or "", at_once=now, dry_run=dry_run)
            )
        except BackboneError as refused:
            raise CommandError(str(refused)) from refused
        proofs = [leaving.prove(site_id) for site_id in sites]
        for proof in proofs:
            self._print(proof)
        if any(proof.total for proof in proofs) and not dry_run:
            raise CommandError("Rows are left that name the site; run it again.")

    def _erased(self, name: str, *, at_once: bool, dry_run: bool) -> tuple[UUID, ...]:
        site_id = leaving.find(name)
        if not dry_run:
            leaving.require_over(site_id, now=timezone.now(), at_once=at_once)
            leaving.erase(site_id, timezone.now)
        return (site_id,)

    def _print(self, proof: leaving.Proof) -> None:
        for table, rows in proof.rows.items():
            self.stdout.write(f"{table} rows={rows}")
        erased = f" erased_at={proof.erased_at:%Y-%m-%dT%H:%M:%SZ}" if proof.erased_at else ""
        self.stdout.write(f"site={proof.site_id} rows={proof.total} lost={sum(proof.lost.values())}{erased}")
