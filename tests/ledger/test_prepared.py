"""A statement that is built once answers like the queryset that it was built of, whatever it is asked."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, Value

from backbone_app.models import Pace, Pause, Site
from backbone_app.models.prepared import NotPreparable, Rows, Update, objects
from backbone_app.models.site import SiteStatus

NOW = datetime(2026, 11, 22, 1, 2, 3, 456_789, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def pause(site: Site, scope: str, until: datetime, strikes: int = 1) -> Pause:
    return Pause.objects.create(scope=scope, site=site, reason="why", since=NOW, until=until, strikes=strikes)


def test_rows_are_those_of_the_queryset_for_every_argument(site: Site) -> None:
    pauses = [pause(site, f"site:{n}", NOW + n * MINUTE, strikes=n + 1) for n in range(4)]
    later = Rows(
        lambda site, at, strikes: (
            Pause.objects.filter(Q(until__gt=at) | Q(strikes=strikes), site=site)
            .order_by("until")
            .values_list("site", "scope", "until", "strikes")
        )
    )

    first, second = later(site.pk, NOW + MINUTE, 1), later(site.pk, NOW + 2 * MINUTE, 2)
    elsewhere = later(uuid4(), NOW, 1)

    told = [(site.pk, one.scope, one.until, one.strikes) for one in pauses]
    assert (first, second, elsewhere) == ([told[0], *told[2:]], [told[1], told[3]], [])


def test_objects_are_whole_with_what_columns_were_sealed_or_converted(site: Site) -> None:
    by_address = Rows(lambda address: Site.objects.filter(base_url=address))

    (again,) = objects(Site, by_address(site.base_url))

    assert again == site
    assert {name: getattr(again, name) for name in vars(site) if not name.startswith("_")} == {
        name: value for name, value in vars(site).items() if not name.startswith("_")
    }


def test_whether_there_is_a_row_is_asked_anew_each_time(site: Site) -> None:
    here = Rows(lambda pk, status: Site.objects.filter(pk=pk, status=status).values_list("pk")[:1])
    before = here.exist(site.pk, SiteStatus.UNINSTALLED)

    Site.objects.filter(pk=site.pk).update(status=SiteStatus.UNINSTALLED)

    assert (before, here.exist(site.pk, SiteStatus.UNINSTALLED)) == (False, True)


def test_an_update_counts_in_the_database_and_tells_how_many_rows_it_met(site: Site) -> None:
    pace = Pace.objects.create(key="mine", site=site, free_at=NOW)
    move = Update(
        lambda key, span: (
            Pace.objects.filter(pk=key),
            {"free_at": ExpressionWrapper(F("free_at") + Value(span), output_field=DateTimeField())},
        )
    )

    met = move("mine", MINUTE), move("mine", 2 * MINUTE), move("another", MINUTE)

    pace.refresh_from_db()
    assert (met, pace.free_at) == ((1, 1, 0), NOW + 3 * MINUTE)


@pytest.mark.parametrize("at", [NOW, NOW + MINUTE])
@pytest.mark.django_db
def test_what_would_make_something_else_of_an_argument_is_refused(at: datetime) -> None:
    derived = Rows(lambda at: Pause.objects.filter(until__gt=at - MINUTE, since__lt=at).values_list("pk"))
    unused = Rows(lambda _at: Pause.objects.exclude(reason="").values_list("pk"))

    for statement in (derived, unused):
        with pytest.raises(NotPreparable):
            statement(at)


@pytest.mark.parametrize("argument", [True, None, 1.5, ["a"]])
@pytest.mark.django_db
def test_what_changes_the_statement_is_no_argument(argument: object) -> None:
    by_reason = Rows(lambda reason: Pause.objects.filter(reason=reason).values_list("pk"))

    with pytest.raises(NotPreparable):
        by_reason(argument)
