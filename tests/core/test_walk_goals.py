"""What a step on the way to a status says of the goal, where one workflow says more than the other."""

from dataclasses import replace

from backbone_app.core.values import Option, Side
from backbone_app.core.workflow import step
from tests.core.world import KEYS, STATUS, World, base_of, configured

FINER = replace(configured(STATUS), statuses_to_left=(("Review", "Doing"), ("Done", "Done")))
KEY, TO_DO = KEYS[Side.RIGHT], Option("To Do")


def test_a_step_on_the_way_does_not_stand_for_a_goal_that_says_less_than_it() -> None:
    world = World(FINER, base_of((STATUS, Option("Doing"))))
    world.fields = {Side.LEFT: {"status": Option("Done")}, Side.RIGHT: {"state": Option("Doing")}}
    (move,) = world.plan().operations
    world.apply(step(move, "Review", key=KEY))

    world.fields[Side.LEFT]["status"] = Option("Doing")
    world.settle()

    assert world.fields[Side.RIGHT]["state"] == Option("Doing")
    assert world.plan().is_empty


def test_who_moves_a_work_item_on_from_a_step_on_the_way_may_mean_the_goal_by_it() -> None:
    world = World(FINER, base_of((STATUS, TO_DO)))
    world.fields = {Side.LEFT: {"status": Option("Done")}, Side.RIGHT: {"state": TO_DO}}
    (move,) = world.plan().operations
    world.apply(step(move, "Doing", key=KEY))

    world.fields = {Side.LEFT: {"status": Option("Doing")}, Side.RIGHT: {"state": Option("Review")}}
    world.settle()

    assert world.fields == {Side.LEFT: {"status": Option("Doing")}, Side.RIGHT: {"state": Option("Review")}}
    assert world.plan().is_empty
