"""Whether this process lives, and whether the installation can do its work: for those who watch it.

Both are public: they say yes or no and, of what does not work, one word of three; nothing of hosts,
versions or reasons. They are answered however often somebody asks (the tables are looked at once
a second), so that a prober is never taken for a flood. They take no other host names and no plain
http either: who watches from inside asks the private listener (``manage.py serve_metrics``).
"""

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from backbone_app.services import readiness
from backbone_app.services.readiness import Prober
from backbone_app.web.auth import probed

prober: Final = Prober(lambda: readiness.look(timezone.now()))


@require_safe
@probed
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that this process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
@probed
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say whether everything works that is needed, else 503 with the parts that do not."""
    failing = prober.failing()
    if failing:
        return JsonResponse({"status": "not ready", "failing": failing}, status=503)
    return JsonResponse({"status": "ready"})
