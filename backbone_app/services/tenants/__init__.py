"""Sites come, go, move, and prove who they are.

Everything that says *which Jira is calling* is decided here: the lifecycle
callbacks change a site's row, every other call is matched with one. Behind this
package nothing knows of Connect's tokens.
"""

from backbone_app.services.tenants.calls import Caller, InstallPayload, LifecycleCall, Notifier
from backbone_app.services.tenants.installing import install, mark_uninstalled, uninstall
from backbone_app.services.tenants.licences import heed as heed_licence
from backbone_app.services.tenants.moving import maintain
from backbone_app.services.tenants.notices import disable, enable
from backbone_app.services.tenants.proving import (
    authenticate_notice,
    authenticate_page,
    authenticate_signed,
    verify_install,
)

__all__ = [
    "Caller",
    "InstallPayload",
    "LifecycleCall",
    "Notifier",
    "authenticate_notice",
    "authenticate_page",
    "authenticate_signed",
    "disable",
    "enable",
    "heed_licence",
    "install",
    "maintain",
    "mark_uninstalled",
    "uninstall",
    "verify_install",
]
