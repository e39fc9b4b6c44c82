"""Whether there is a Jira where somebody typed an address, before anybody is sent there to sign in."""

from urllib.parse import urlsplit

from backbone_app.errors import CertificateRefused, EgressRefused, InvalidInput, RemoteUnreachable
from backbone_app.jira import probing
from backbone_app.jira.egress import Door
from backbone_app.jira.probing import Instance


def probed(door: Door, address: str, *, open_it: str, not_jira: str) -> Instance | None:
    """Ask the Jira at ``address`` what it is; None where it tells strangers nothing.

    Raises InvalidInput beside the address that says what is wrong, and then what helps: ``open_it`` where
    nobody is reached, ``not_jira`` where somebody else answers.
    """
    host = urlsplit(address).hostname or address
    try:
        return probing.instance(door, address, host=host)
    except CertificateRefused as refused:
        problem = (
            f"{refused}. Nothing was sent. Ask its admins for a certificate that the public authorities "
            "vouch for, with its whole chain, then choose Next again."
        )
        raise InvalidInput("base_url", problem) from refused
    except RemoteUnreachable as away:
        raise InvalidInput("base_url", f"{host} cannot be reached from here. {open_it}") from away
    except EgressRefused as refused:
        problem = f"{host} leads to an address that is not public. {open_it}"
        raise InvalidInput("base_url", problem) from refused
    except probing.NotNow as later:
        raise InvalidInput(
            "base_url", f"{later}. Nothing is wrong with the address; try again in a while."
        ) from later
    except probing.NotJira as other:
        raise InvalidInput("base_url", f"{host} answers, but not as a Jira does. {not_jira}") from other
