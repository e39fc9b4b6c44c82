"""``manage.py serve_metrics``: metrics and probes for the private network, where no workers serve them."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backbone_app.management.private import PrivateListener


class Command(BaseCommand):
    """Serves until it is ended; next to a web server on a machine without workers."""

    requires_system_checks = ()
    help = "Serve /metrics, /healthz and /readyz at BACKBONE_METRICS_LISTEN; run_workers does so too."

    def handle(self, *_: object, **__: object) -> None:
        """Serve; CommandError where the setting is missing or the port is taken."""
        if settings.BACKBONE_METRICS_LISTEN is None:
            raise CommandError("Set BACKBONE_METRICS_LISTEN, for example to 127.0.0.1:9464.")
        try:
            listener = PrivateListener(settings.BACKBONE_METRICS_LISTEN, timezone.now)
        except OSError as trouble:
            raise CommandError(
                f"BACKBONE_METRICS_LISTEN cannot be listened at: {trouble.strerror}."
            ) from None
        with listener:
            listener.serve_forever()
