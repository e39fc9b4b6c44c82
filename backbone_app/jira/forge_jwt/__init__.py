"""Forge Invocation Tokens: the one place that verifies them, and the keys that do."""

from backbone_app.jira.forge_jwt.invocation import Invocation, key_id, verify
from backbone_app.jira.forge_jwt.keys import ForgeKeys

__all__ = ["ForgeKeys", "Invocation", "key_id", "verify"]
