"""Settings, then Django, then the shared fixtures; nothing of it under ``-p no:django``."""

import pytest

from tests.support import environment


def pytest_configure(config: pytest.Config) -> None:
    if not config.pluginmanager.has_plugin("django"):
        return
    environment.prepare()
    import django

    django.setup()
    config.pluginmanager.import_plugin("tests.support.app")
