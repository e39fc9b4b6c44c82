"""The webhook of a linked Data Center: made and kept as it has to be, shown, and its deliveries proven."""

from backbone_app.services.link_hooks.hearing import Proven, Told, prove, told
from backbone_app.services.link_hooks.keeping import drain
from backbone_app.services.link_hooks.showing import Steps, Webhook, look_again, show

__all__ = ["Proven", "Steps", "Told", "Webhook", "drain", "look_again", "prove", "show", "told"]
