"""No table grows without a bound: each has an age in the housekeeping, or is bounded by something else."""

from django.apps import apps

from backbone_app.services import housekeeping

BOUNDED_BECAUSE = {
    "AccountReport": "one for each person that a site's rows name; goes with them, and with the site",
    "AllowedGroup": "at most twenty for each site (services.restriction)",
    "CommentTwin": "one for each comment of a paired work item; goes with its pair",
    "ContentType": "one for each table",
    "DeliveryUse": "ticked off when its pair has looked; goes with its delivery or pair",
    "ElementBase": "one for each member of a set that both sides hold; goes with its pair",
    "Failure": "one for each row of a side of a pair; goes when it is mended, or with its pair",
    "Endpoint": "one for each partner site that something runs to; goes with the last stop, or with the site",
    "FieldBase": "one for each mapped field of a half; goes with its pair",
    "Heartbeat": "one for each lane, and one for each thing that is done now and then",
    "JournalEntry": "its values go by their site's retention, its lines after 400 days (ledger.journal)",
    "LateWrite": "goes once it was looked for, or with its site",
    "LinkHook": "at most one for each link; goes with its last synchronization, or with the link",
    "Leftover": "goes once the property is removed, or with its site",
    "Link": "one for each site that one leads to; goes with its application link, or with its owner",
    "Pair": "one for each pair of work items; goes with its synchronization",
    "PairSide": "two for each pair",
    "PublishedConfiguration": "one for each version that a person published",
    "Reconciliation": "two for each synchronization",
    "RemoteLicence": "at most one for each site",
    "Schedule": "one for each job that is scheduled, made by migrations",
    "ServiceHold": "one for each reason to hold the whole service",
    "Site": "one for each installation",
    "Synchronization": "made by a person, none twice; unanswered requests stay to be seen",
    "SynchronizationSide": "two for each synchronization",
    "Tombstone": "one for each site that was erased: the proof of it",
    "WakeUp": "one for each kind of job",
}


def test_every_table_has_a_bound() -> None:
    tables = {model.__name__ for model in apps.get_models() if not model._meta.proxy}

    assert tables - housekeeping.OLD.keys() - BOUNDED_BECAUSE.keys() == set()


def test_no_bound_is_stated_twice_or_for_a_table_that_is_gone() -> None:
    tables = {model.__name__ for model in apps.get_models() if not model._meta.proxy}

    assert housekeeping.OLD.keys() & BOUNDED_BECAUSE.keys() == set()
    assert (housekeeping.OLD.keys() | BOUNDED_BECAUSE.keys()) - tables == set()
