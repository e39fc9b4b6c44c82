"""Whether the tables are those that this code was written for."""

from functools import cache

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def missing() -> frozenset[tuple[str, str]]:
    """Name the newest migrations, by app, that have not been applied. Raises Django's ``Error``."""
    return _newest() - MigrationRecorder(connection).applied_migrations().keys()


@cache
def _newest() -> frozenset[tuple[str, str]]:
    """Name the last migrations of our code; they change with the process only."""
    labels = {each.label for each in apps.get_app_configs()}
    leaves = MigrationLoader(None).graph.leaf_nodes()
    return frozenset((str(app), str(name)) for app, name in leaves if app in labels)
