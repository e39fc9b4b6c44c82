"""Every address, one flat table; each view states above it which credential it takes."""

from django.urls import path

from backbone_app.web import descriptor, lifecycle, webhooks
from backbone_app.web.pages import create, frame, overview, requests, synchronizations

urlpatterns = [
    path("atlassian-connect.json", descriptor.descriptor),
    path("installed", lifecycle.installed),
    path("uninstalled", lifecycle.uninstalled),
    path("enabled", lifecycle.enabled),
    path("disabled", lifecycle.disabled),
    path("webhooks/jira", webhooks.jira),
    path("space-settings", frame.space_settings),
    path("spaces/<str:space>/overview", overview.overview, name="overview"),
    path("spaces/<str:space>/new", create.kinds, name="new"),
    path("spaces/<str:space>/new/space", create.choose_space, name="new-space"),
    path("spaces/<str:space>/new/overview", create.check_overview, name="new-overview"),
    path("spaces/<str:space>/new/send", create.send_request, name="new-send"),
    path("spaces/<str:space>/requests/<uuid:request_id>", requests.view, name="request"),
    path("spaces/<str:space>/requests/<uuid:request_id>/accept", requests.accept, name="accept"),
    path("spaces/<str:space>/requests/<uuid:request_id>/decline", requests.decline, name="decline"),
    path("spaces/<str:space>/requests/<uuid:request_id>/withdraw", requests.withdraw, name="withdraw"),
    path("spaces/<str:space>/synchronizations/<uuid:sync_id>/start", synchronizations.start, name="start"),
    path("spaces/<str:space>/synchronizations/<uuid:sync_id>/stop", synchronizations.stop, name="stop"),
    path("spaces/<str:space>/synchronizations/<uuid:sync_id>/delete", synchronizations.delete, name="delete"),
]

handler404 = "backbone_app.web.errors.not_found"
handler500 = "backbone_app.web.errors.crashed"
