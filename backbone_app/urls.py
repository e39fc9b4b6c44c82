"""Every address, one flat table; each view states above it which credential it takes."""

from django.urls import path

from backbone_app.web import (
    descriptor,
    downloads,
    forge,
    health,
    lifecycle,
    link_hooks,
    mail,
    post_functions,
    sign_in,
    webhooks,
)
from backbone_app.web.api import activity as api_activity
from backbone_app.web.api import audit as api_audit
from backbone_app.web.api import downloads as api_downloads
from backbone_app.web.api import existing as api_existing
from backbone_app.web.api import installation as api_installation
from backbone_app.web.api import items as api_items
from backbone_app.web.api import licence as api_licence
from backbone_app.web.api import links as api_links
from backbone_app.web.api import notifications as api_notifications
from backbone_app.web.api import requests as api_requests
from backbone_app.web.api import schema as api_schema
from backbone_app.web.api import settings as api_settings
from backbone_app.web.api import synchronizations as api_synchronizations
from backbone_app.web.api import troubles as api_troubles
from backbone_app.web.api import unfinished as api_unfinished
from backbone_app.web.pages import (
    activity,
    audit,
    create,
    create_across,
    create_data_center,
    existing,
    frame,
    installation,
    kinds,
    licence,
    notifications,
    overview,
    panel,
    requests,
    settings,
    synchronizations,
    troubles,
    webhook,
    workflow,
)
from backbone_app.web.pages import downloads as page_downloads

_DATA_CENTER = "spaces/<str:space>/new/data-center"
_SYNCHRONIZATION = "spaces/<str:space>/synchronizations/<uuid:sync_id>"
_API_SPACE = "api/1/spaces/<str:space>"
_API_REQUEST = f"{_API_SPACE}/requests/<uuid:request_id>"
_API_SYNCHRONIZATION = f"{_API_SPACE}/synchronizations/<uuid:sync_id>"

urlpatterns = [
    path("atlassian-connect.json", descriptor.descriptor),
    path("installed", lifecycle.installed),
    path("uninstalled", lifecycle.uninstalled),
    path("enabled", lifecycle.enabled),
    path("disabled", lifecycle.disabled),
    path("forge/installed", forge.installed),
    path("forge/upgraded", forge.upgraded),
    path("forge/scheduled", forge.scheduled),
    path("webhooks/jira", webhooks.jira),
    path("webhooks/link/<str:token>", link_hooks.link),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("space-settings", frame.space_settings),
    path("global-settings", frame.global_settings),
    path("settings/access", settings.access, name="settings-access"),
    path("settings/access/edit", settings.edit_access, name="settings-access-edit"),
    path("settings/audit", audit.show, name="settings-audit"),
    path("settings/audit/download", page_downloads.audit, name="settings-audit-download"),
    path("settings/installation", installation.show, name="settings-installation"),
    path("settings/licence", licence.licence, name="settings-licence"),
    path("settings/licence/remove", licence.remove, name="settings-licence-remove"),
    path("settings/notifications", notifications.of_site, name="settings-notifications"),
    path(
        "settings/notifications/<int:address>/ask",
        notifications.ask_again_of_site,
        name="settings-notifications-ask",
    ),
    path(
        "settings/notifications/<int:address>/remove",
        notifications.remove_of_site,
        name="settings-notifications-remove",
    ),
    path("mail/confirm/<str:ticket>", mail.confirm),
    path("mail/leave/<str:ticket>", mail.leave),
    path("downloads/<str:ticket>", downloads.download, name="download"),
    path("sign-in/<str:token>", sign_in.sign_in, name="sign-in"),
    path("signed-in/<uuid:attempt>", sign_in.signed_in, name="signed-in"),
    path("oauth/dc/<uuid:application>", sign_in.callback_of_data_center),
    path("workflow/editor", frame.workflow_editor),
    path("workflow/viewer", frame.workflow_viewer),
    path("workflow/choices", workflow.choose, name="workflow-choices"),
    path("workflow/summary", workflow.summary, name="workflow-summary"),
    path("workflow/synchronize", post_functions.synchronize),
    path("workflow/stop", post_functions.stop),
    path("panel", frame.panel),
    path("panel/<str:item>", panel.show, name="panel"),
    path("panel/<str:item>/activity", activity.of_item, name="item-activity"),
    path("spaces/<str:space>/overview", overview.overview, name="overview"),
    path("spaces/<str:space>/notifications", notifications.of_space, name="notifications"),
    path(
        "spaces/<str:space>/notifications/<int:address>/ask",
        notifications.ask_again,
        name="notifications-ask",
    ),
    path(
        "spaces/<str:space>/notifications/<int:address>/remove",
        notifications.remove,
        name="notifications-remove",
    ),
    path("spaces/<str:space>/new", kinds.kinds, name="new"),
    path("spaces/<str:space>/new/over", kinds.start_over, name="new-start-over"),
    path("spaces/<str:space>/new/space", create.choose_space, name="new-space"),
    path("spaces/<str:space>/new/overview", create.check_overview, name="new-overview"),
    path("spaces/<str:space>/new/send", create.send_request, name="new-send"),
    path("spaces/<str:space>/new/instance", create_across.choose_instance, name="new-instance"),
    path("spaces/<str:space>/new/instance/mode", create_across.choose_mode, name="new-instance-mode"),
    path(
        "spaces/<str:space>/new/instance/overview", create_across.check_overview, name="new-instance-overview"
    ),
    path("spaces/<str:space>/new/instance/send", create_across.send_request, name="new-instance-send"),
    path(_DATA_CENTER, create_data_center.link_application, name="new-data-center"),
    path(f"{_DATA_CENTER}/sign-in", create_data_center.sign_in, name="new-data-center-sign-in"),
    path(f"{_DATA_CENTER}/copy", create_data_center.copy_link, name="new-data-center-copy"),
    path(f"{_DATA_CENTER}/wait/<uuid:attempt>", create_data_center.wait, name="new-data-center-wait"),
    path(f"{_DATA_CENTER}/space", create_data_center.choose_space, name="new-data-center-space"),
    path(f"{_DATA_CENTER}/overview", create_data_center.check_overview, name="new-data-center-overview"),
    path(f"{_DATA_CENTER}/create", create_data_center.create, name="new-data-center-create"),
    path("spaces/<str:space>/requests/<uuid:request_id>", requests.view, name="request"),
    path("spaces/<str:space>/requests/<uuid:request_id>/asker", requests.asker, name="asker"),
    path("spaces/<str:space>/requests/<uuid:request_id>/accept", requests.accept, name="accept"),
    path("spaces/<str:space>/requests/<uuid:request_id>/decline", requests.decline, name="decline"),
    path("spaces/<str:space>/requests/<uuid:request_id>/withdraw", requests.withdraw, name="withdraw"),
    path(
        "spaces/<str:space>/overview/<uuid:request_id>/withdraw",
        requests.withdraw_from_overview,
        name="overview-withdraw",
    ),
    path("spaces/<str:space>/synchronizations/<uuid:sync_id>/start", synchronizations.start, name="start"),
    path("spaces/<str:space>/synchronizations/<uuid:sync_id>/stop", synchronizations.stop, name="stop"),
    path("spaces/<str:space>/synchronizations/<uuid:sync_id>/delete", synchronizations.delete, name="delete"),
    path(_SYNCHRONIZATION, troubles.page, name="synchronization"),
    path(f"{_SYNCHRONIZATION}/resume", troubles.resume, name="resume"),
    path(f"{_SYNCHRONIZATION}/check", troubles.check, name="check"),
    path(f"{_SYNCHRONIZATION}/webhook", webhook.show, name="webhook"),
    path(f"{_SYNCHRONIZATION}/webhook/look", webhook.look, name="webhook-look"),
    path(f"{_SYNCHRONIZATION}/errors/retry", troubles.retry_all, name="retry-all"),
    path(f"{_SYNCHRONIZATION}/errors/<int:failure>/retry", troubles.retry, name="retry"),
    path(f"{_SYNCHRONIZATION}/errors/<int:failure>/ignore", troubles.ignore, name="ignore"),
    path(f"{_SYNCHRONIZATION}/errors/<int:failure>/twin", troubles.renew, name="renew"),
    path(
        f"{_SYNCHRONIZATION}/pairs/download",
        page_downloads.pairs_from_synchronization,
        name="download-pairs",
    ),
    path(
        f"{_SYNCHRONIZATION}/download",
        page_downloads.pairs_from_overview,
        name="overview-download-pairs",
    ),
    path(f"{_SYNCHRONIZATION}/activity", activity.of_synchronization, name="activity"),
    path(f"{_SYNCHRONIZATION}/existing", existing.existing, name="existing"),
    path(f"{_SYNCHRONIZATION}/existing/pair", existing.pair, name="existing-pair"),
    path(f"{_SYNCHRONIZATION}/pairs/<int:pair_id>/decide", existing.decide, name="decide"),
    path("api/1/schema.json", api_schema.schema),
    path("api/1/settings/access", api_settings.show_access),
    path("api/1/settings/access/save", api_settings.save_access),
    path("api/1/settings/installation", api_installation.show_installation),
    path("api/1/settings/licence", api_licence.show_remote_licence),
    path("api/1/settings/licence/upload", api_licence.upload_remote_licence),
    path("api/1/settings/licence/remove", api_licence.remove_remote_licence),
    path("api/1/settings/notifications", api_notifications.list_site_notifications),
    path("api/1/settings/notifications/add", api_notifications.add_site_address),
    path("api/1/settings/notifications/<int:address>/ask", api_notifications.ask_site_address_again),
    path("api/1/settings/notifications/<int:address>/remove", api_notifications.remove_site_address),
    path("api/1/audit", api_audit.list_audit_entries),
    path("api/1/audit/download", api_audit.download_audit_log),
    path("api/1/items/<str:item>", api_items.show_item),
    path("api/1/items/<str:item>/activity", api_activity.list_item_activity),
    path(f"{_API_SPACE}/notifications", api_notifications.list_notifications),
    path(f"{_API_SPACE}/notifications/add", api_notifications.add_address),
    path(f"{_API_SPACE}/notifications/<int:address>/ask", api_notifications.ask_address_again),
    path(f"{_API_SPACE}/notifications/<int:address>/remove", api_notifications.remove_address),
    path(f"{_API_SPACE}/partners", api_requests.list_partners),
    path(f"{_API_SPACE}/addressee", api_requests.show_addressee),
    path(f"{_API_SPACE}/requests", api_requests.send_request),
    path(f"{_API_SPACE}/requests/across", api_requests.send_request_across),
    path(f"{_API_SPACE}/unfinished", api_unfinished.show_unfinished),
    path(f"{_API_SPACE}/unfinished/save", api_unfinished.save_unfinished),
    path(f"{_API_SPACE}/unfinished/drop", api_unfinished.drop_unfinished),
    path(_API_REQUEST, api_requests.show_request),
    path(f"{_API_REQUEST}/accept", api_requests.accept_request),
    path(f"{_API_REQUEST}/decline", api_requests.decline_request),
    path(f"{_API_REQUEST}/withdraw", api_requests.withdraw_request),
    path(f"{_API_SPACE}/application-links", api_links.list_application_links),
    path(f"{_API_SPACE}/application-links/begin", api_links.begin_application_link),
    path(f"{_API_SPACE}/application-links/<uuid:application>/enter", api_links.enter_application_link),
    path(f"{_API_SPACE}/application-links/<uuid:application>/sign-in", api_links.ask_to_sign_in),
    path(f"{_API_SPACE}/sign-ins/<uuid:attempt>", api_links.show_sign_in),
    path(f"{_API_SPACE}/sign-ins/<uuid:attempt>/withdraw", api_links.withdraw_sign_in),
    path(f"{_API_SPACE}/links/<uuid:link>/spaces", api_links.list_spaces),
    path(f"{_API_SPACE}/links/<uuid:link>/offer", api_links.show_offer),
    path(f"{_API_SPACE}/links/<uuid:link>/create", api_links.create_synchronization),
    path(f"{_API_SPACE}/synchronizations", api_synchronizations.list_synchronizations),
    path(_API_SYNCHRONIZATION, api_synchronizations.show_synchronization),
    path(f"{_API_SYNCHRONIZATION}/pairs", api_synchronizations.list_pairs),
    path(f"{_API_SYNCHRONIZATION}/pairs/download", api_downloads.download_pairs),
    path(f"{_API_SYNCHRONIZATION}/activity", api_activity.list_activity),
    path(f"{_API_SYNCHRONIZATION}/webhook", api_links.show_webhook),
    path(f"{_API_SYNCHRONIZATION}/webhook/look", api_links.look_at_webhook),
    path(f"{_API_SYNCHRONIZATION}/errors", api_troubles.list_errors),
    path(f"{_API_SYNCHRONIZATION}/errors/retry", api_troubles.retry_all_errors),
    path(f"{_API_SYNCHRONIZATION}/errors/<int:failure>/retry", api_troubles.retry_error),
    path(f"{_API_SYNCHRONIZATION}/errors/<int:failure>/ignore", api_troubles.ignore_error),
    path(f"{_API_SYNCHRONIZATION}/errors/<int:failure>/twin", api_troubles.create_new_twin),
    path(f"{_API_SYNCHRONIZATION}/existing", api_existing.compare_items),
    path(f"{_API_SYNCHRONIZATION}/existing/pair", api_existing.pair_items),
    path(f"{_API_SYNCHRONIZATION}/pairs/<int:pair_id>/questions", api_existing.show_questions),
    path(f"{_API_SYNCHRONIZATION}/pairs/<int:pair_id>/decide", api_existing.decide_pair),
    path(f"{_API_SYNCHRONIZATION}/start", api_synchronizations.start_synchronization),
    path(f"{_API_SYNCHRONIZATION}/stop", api_synchronizations.stop_synchronization),
    path(f"{_API_SYNCHRONIZATION}/check", api_synchronizations.check_synchronization),
    path(f"{_API_SYNCHRONIZATION}/delete", api_synchronizations.delete_synchronization),
]

handler400 = "backbone_app.web.errors.malformed"
handler403 = "backbone_app.web.errors.forbidden"
handler404 = "backbone_app.web.errors.not_found"
handler500 = "backbone_app.web.errors.crashed"
