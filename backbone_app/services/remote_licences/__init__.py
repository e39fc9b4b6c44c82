"""Remote licences: issued by the operator."""

from backbone_app.services.remote_licences.issuing import Wanted, issue, key_in, key_pair

__all__ = ["Wanted", "issue", "key_in", "key_pair"]
