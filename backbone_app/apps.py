"""The Django app."""

from django.apps import AppConfig


class BackboneConfig(AppConfig):
    """Backbone as Django knows it."""

    name = "backbone_app"
    label = "backbone"
    verbose_name = "Backbone Work Sync"
