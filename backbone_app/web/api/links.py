"""Links to Data Centers and Cloud sites: made, signed in for, and the synchronizations created over them."""

from typing import Any
from uuid import UUID

from backbone_app.services import link_hooks, linking
from backbone_app.services.link_hooks import Webhook
from backbone_app.services.linking import (
    Application,
    CloudLink,
    CloudPartner,
    Entry,
    Offer,
    Progress,
    SpaceRef,
    Title,
)
from backbone_app.web import sign_in
from backbone_app.web.api.answers import SpaceAnswer
from backbone_app.web.api.answers_of_links import (
    ApplicationAnswer,
    AskedAnswer,
    CloudLinkAnswer,
    CloudPartnerAnswer,
    OfferAnswer,
    SignInAnswer,
    WebhookAnswer,
)
from backbone_app.web.api.answers_of_requests import CreatedAnswer
from backbone_app.web.api.bodies import Address
from backbone_app.web.api.bodies_of_links import (
    ApplicationEntry,
    Asking,
    AskingCloud,
    Credentials,
    LinkedSynchronization,
    PartnerSpace,
)
from backbone_app.web.api.endpoint import Call, endpoint
from backbone_app.web.auth import Who


@endpoint("GET", Who.SPACE_ADMIN, answers=ApplicationAnswer(many=True))
def list_application_links(call: Call, space: str) -> tuple[Application, ...]:
    """List the application links of the site that can be used at once."""
    return linking.known(call.caller, space, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN, answers=ApplicationAnswer(), status=201)
def begin_application_link(call: Call, space: str) -> Application:
    """Give the callback URL for a new application link, yours until its credentials are entered."""
    return linking.begin(call.caller, space, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN, answers=ApplicationAnswer(), takes=ApplicationEntry)
def enter_application_link(call: Call, space: str, application: UUID) -> Application:
    """Enter what the Data Center has shown; the secret is kept sealed and never shown."""
    return linking.enter(call.caller, space, application, Entry(**call.entered), now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def remove_application_link(call: Call, space: str, application: UUID) -> None:
    """Remove an application link that no synchronization uses; what was allowed over it is given back."""
    linking.remove(call.caller, space, application, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN, answers=AskedAnswer(), takes=Asking, status=201)
def mend_link(call: Call, space: str, sync_id: UUID) -> dict[str, Any]:
    """Make a link to sign in with where the broken link of a synchronization leads; then all goes on."""
    token = sign_in.new_token()
    copied = call.entered["is_copied"]
    asked = linking.mend(call.caller, space, sync_id, token, is_copied=copied, now=call.now)
    return {"sign_in": asked, "address": sign_in.address(token)}


@endpoint("POST", Who.SPACE_ADMIN, takes=Credentials)
def enter_application_link_anew(call: Call, space: str, application: UUID) -> None:
    """Enter what an application link shows over there by now, where no sign-in works by it."""
    linking.enter_anew(call.caller, space, application, **call.entered, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN, answers=AskedAnswer(), takes=Asking, status=201)
def ask_to_sign_in(call: Call, space: str, application: UUID) -> dict[str, Any]:
    """Make a link to sign in with on the Data Center; its address is told only now."""
    token = sign_in.new_token()
    copied = call.entered["is_copied"]
    asked = linking.ask(call.caller, space, application, token, is_copied=copied, now=call.now)
    return {"sign_in": asked, "address": sign_in.address(token)}


@endpoint("GET", Who.SPACE_ADMIN, answers=CloudLinkAnswer(many=True))
def list_cloud_links(call: Call, space: str) -> tuple[CloudLink, ...]:
    """List the Cloud sites that somebody has let the service into for this site."""
    return linking.known_clouds(call.caller, space, now=call.now)


@endpoint("GET", Who.SPACE_ADMIN, answers=CloudPartnerAnswer(), takes=Address)
def show_cloud_partner(call: Call, space: str) -> CloudPartner:
    """Tell how it goes on with a space of another Cloud site: a request, a sign-in, or what is in the way."""
    return linking.cloud_partner(call.caller, space, **call.entered, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN, answers=AskedAnswer(), takes=AskingCloud, status=201)
def ask_to_sign_in_on_cloud(call: Call, space: str) -> dict[str, Any]:
    """Make a link to sign in with for a Cloud site; its address is told only now."""
    token = sign_in.new_token()
    asked = linking.ask_for_cloud(call.caller, space, token=token, **call.entered, now=call.now)
    return {"sign_in": asked, "address": sign_in.address(token)}


@endpoint("POST", Who.SPACE_ADMIN)
def remove_cloud_link(call: Call, space: str, link: UUID) -> None:
    """Remove the link to a Cloud site that no synchronization uses; its tokens are destroyed."""
    linking.remove_cloud(call.caller, space, link, now=call.now)


@endpoint("GET", Who.SPACE_ADMIN, answers=SignInAnswer())
def show_sign_in(call: Call, space: str, attempt: UUID) -> Progress:
    """Tell how far a sign-in has come."""
    return linking.progress(call.caller, space, attempt, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def withdraw_sign_in(call: Call, space: str, attempt: UUID) -> None:
    """Withdraw a link that nobody has signed in with yet."""
    linking.withdraw(call.caller, space, attempt, now=call.now)


@endpoint("GET", Who.SPACE_ADMIN, answers=SpaceAnswer(many=True))
def list_spaces(call: Call, space: str, link: UUID) -> tuple[SpaceRef, ...]:
    """List the spaces that the account which signed in there sees."""
    return linking.spaces(call.caller, space, link, now=call.now)


@endpoint("GET", Who.SPACE_ADMIN, answers=OfferAnswer(), takes=PartnerSpace)
def show_offer(call: Call, space: str, link: UUID) -> Offer:
    """Show what would be created with a space: defaults for its title, and which permissions are lacking."""
    return linking.offer(call.caller, space, link, **call.entered, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN, answers=CreatedAnswer(), takes=LinkedSynchronization, status=201)
def create_synchronization(call: Call, space: str, link: UUID) -> dict[str, UUID]:
    """Create a synchronization; it is stopped, until it is started."""
    title = Title(call.entered["name"], call.entered["description"])
    partner = call.entered["partner_space"]
    made = linking.create(call.caller, space, link, partner_space=partner, title=title, now=call.now)
    return {"id": made}


@endpoint("GET", Who.SPACE_ADMIN, answers=WebhookAnswer())
def show_webhook(call: Call, space: str, sync_id: UUID) -> Webhook:
    """Tell how the webhook of the linked partner site stands, and what goes into Jira's form by hand."""
    return link_hooks.show(call.caller, space, sync_id, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def look_at_webhook(call: Call, space: str, sync_id: UUID) -> None:
    """Have it looked at now, and made if it can be."""
    link_hooks.look_again(call.caller, space, sync_id, now=call.now)
