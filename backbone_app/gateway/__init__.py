"""Jira clients for sites: with credentials that are fresh, and within Jira's limits."""

from backbone_app.gateway.clients import (
    client,
    digest_key,
    forge_keys,
    install_keys,
    known_account,
    shared_secret,
)
from backbone_app.gateway.doors import door, policy

__all__ = [
    "client",
    "digest_key",
    "door",
    "forge_keys",
    "install_keys",
    "known_account",
    "policy",
    "shared_secret",
]
