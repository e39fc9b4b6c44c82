"""What Data Center is spared is a scenario of the module that is named, and has a reason."""

from importlib import import_module

from tests.clients.kinds import CLOUD, CLOUD_V3, DATA_CENTERS, LEFT_OUT, allowed


def test_every_entry_names_a_scenario() -> None:
    for module, test in LEFT_OUT:
        assert callable(getattr(import_module(f"tests.clients.{module}"), test)), test


def test_only_data_center_is_spared() -> None:
    kinds = (CLOUD, CLOUD_V3, *DATA_CENTERS)
    spared = next(iter(LEFT_OUT))

    assert all(LEFT_OUT.values())
    assert allowed(*spared, kinds) == [CLOUD, CLOUD_V3]
    assert allowed(spared[0], "test_create", kinds) == list(kinds)


def test_every_data_center_is_there_by_every_way_in() -> None:
    assert [str(each) for each in DATA_CENTERS] == [
        *("dc-8.21-password", "dc-8.21-token", "dc-8.22-password", "dc-8.22-token"),
        *("dc-9.12-password", "dc-9.12-token", "dc-10.3-password", "dc-10.3-token"),
        "dc-11-token",
    ]
