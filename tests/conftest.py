"""Settings, then Django, then the shared fixtures; nothing of it under ``-p no:django``."""

import pytest

from tests.support import environment


def pytest_configure(config: pytest.Config) -> None:
    if not config.pluginmanager.has_plugin("django"):
        return
    import django
    from django.conf import settings

    if not environment.is_prepared():
        if settings.configured:
            raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: the tests bring their own settings.")
        environment.prepare()
    django.setup()
    config.pluginmanager.import_plugin("tests.support.app")
