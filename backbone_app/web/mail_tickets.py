"""The credential of whoever opens a link of a mail: a ticket in the address, sent to nobody else."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from backbone_app.errors import LinkSpent
from backbone_app.services import notifying
from backbone_app.services.notifying import Owner, Purpose
from backbone_app.web import rates
from backbone_app.web.auth import Credential, Statement, Who, counted, stating
from backbone_app.web.headers import STANDS_ALONE

View = Callable[[HttpRequest, Owner], HttpResponse]


def mail_ticket(purpose: Purpose) -> Callable[[View], Callable[[HttpRequest, str], HttpResponse]]:
    """Take a ticket and leave it as it is; the view gets whose it is, others 410.

    The page stands alone, in no frame. An address that tries many in vain has none looked at for a while.
    """

    def made(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
        @wraps(view)
        def proven(request: HttpRequest, ticket: str) -> HttpResponse:
            request.META[STANDS_ALONE] = True
            rates.admit_guess(request)
            return view(request, counted(request, lambda each: _owner(each, ticket, purpose)))

        return stating(Statement(Credential.MAIL_TICKET, Who.HOLDER), proven)

    return made


def _owner(request: HttpRequest, ticket: str, purpose: Purpose) -> Owner:
    try:
        return notifying.owner_of(ticket, purpose, now=timezone.now())
    except LinkSpent:
        rates.count_guess(request)
        raise
