"""Seeds whose lives once went wrong: ``(seed, faults, what it found)``; ``None`` are all faults.

Worlds change with the rig, so that a seed shows its old fault only as long as its script is drawn as it was;
what it found has a test of its own besides, in ``tests/scenarios`` or where the mended code is.
"""

from typing import Final

Found = tuple[int, tuple[str, ...] | None, str]

SEEDS: Final[tuple[Found, ...]] = (
    (
        55,
        None,
        "a creation whose answer was lost was given up before its twin could be found, and done again",
    ),
    (196, None, "every further check put the same crossed edit back"),
    (304, None, "an edit was lost while another field of the work item was in conflict"),
    (393, None, "the news of a twin did not settle its creation, which had been given up already"),
    (438, None, "a write of several fields said of all of them the time of one"),
    (513, None, "a step of a broken walk stood for the goal that was changed meanwhile"),
    (665, None, "our own write, which the site had forgotten to be ours, was taken for somebody's edit"),
    (782, None, "a value was put back over one whose author had seen it"),
    (910, None, "a work item got a twin whose deletion was told before its creation"),
    (958, None, "a creation that was given up had come about, and a second twin was made"),
    (1127, None, "a creation that came about after all stood as void"),
    (1271, None, "a pair set aside as deleted kept its crossed claims for ever"),
    (1823, None, "a move that says nothing across was overwritten by an earlier one whose news was late"),
    (4012, ("F12",), "the news of a creation undid edits that a clock set back dates before it"),
    (20026, None, "a work item whose news was lost got no twin, as its checks were cut off again and again"),
    (692584, None, "a twin was made of what another synchronization had just found missing"),
    (
        940059,
        ("F1", "F7", "F9", "F14", "late effect"),
        "a walk went on from where a person had just moved the work item",
    ),
    (7000012, None, "a crossed edit that the same side went on from was lost without a line"),
    (7000069, None, "the intent of a crossed edit that was followed stayed for ever"),
    (7000124, None, "a stopped worker's write that the site forgot to be ours hid the edit that it crossed"),
    (27889796, None, "who was frozen between hearing 429 and telling it had told of the site's clock first"),
    (27891134, None, "a step of our own walk that a person had gone back to was walked on from"),
    (72230516, None, "an old value chosen anew before there was a twin stood against who edited that"),
    (72231738, None, "a work item got no twin as a clock was set forward before anybody heard of it"),
    (82957919, None, "an old value chosen anew was weighed again while something else held up the pair"),
    (173709140, None, "a twin that showed up while another one was asked for in vain was made again"),
    (173709813, None, "a twin was made of what had just not been found when its pair was decided on"),
    (179389393, None, "a copy on a work item hidden from us was thought deleted when its deletion met 404"),
    (33802430, None, "a twin of which only the deletion was told, mark and all, was created again"),
    (33803192, None, "a text that both sides got at once was written a second time"),
    (33803684, None, "an old value chosen anew was overwritten by an older edit, as our write crossed it"),
    (175346304, None, "what another pair had given back was taken for a value chosen anew"),
    (175346750, None, "a work item dated before the point by a clock nobody had noticed was never found"),
    (
        175346982,
        None,
        "who entered what our write brought was overwritten unsaid by who had gone on elsewhere",
    ),
    (5604191, None, "a check that somebody asked for went on behind what a cut one had come upon in vain"),
    (
        22451999,
        None,
        "an edit that our write crossed was lost unsaid where the site's clock was set just then",
    ),
    (
        13936287,
        None,
        "who went on to the very value of a crossed edit was told to be in conflict with our write",
    ),
    (91308465, None, "what was told during a pause was never found: its site's clock was set back meanwhile"),
    (
        653,
        None,
        "a crossed value chosen anew passed for carried across: who went on from our write stood against it",
    ),
    (13714492, None, "the judge took a crossed edit for unsettled whose work item had been moved away"),
    (13714804, None, "an edit went unheard over the older one of the other side that had said the same"),
    (
        13714960,
        None,
        "the judge blamed who was frozen between looking and calling, as another was told to wait",
    ),
    (
        253,
        None,
        "the judge took a value for lost that stood on both sides of a pair, not in the whole family",
    ),
    (50249660, None, "an edit that said just what our late write was bringing was overwritten unsaid"),
    (13937195, None, "the judge asked a work item that was gone for its status"),
)
