"""Seeds whose lives once went wrong: ``(seed, faults, second site, what it found)``; ``None`` are all faults.

Worlds change with the rig, so that a seed shows its old fault only as long as its script is drawn as it was;
what it found has a test of its own besides, in ``tests/scenarios`` or where the mended code is.
"""

from typing import Final

from tests.simulation.faults import OTHERS
from tests.simulation.kinds import HOME

Found = tuple[int, tuple[str, ...] | None, str, str]

SEEDS: Final[tuple[Found, ...]] = (
    (
        55,
        None,
        HOME,
        "a creation whose answer was lost was given up before its twin could be found, and done again",
    ),
    (196, None, HOME, "every further check put the same crossed edit back"),
    (304, None, HOME, "an edit was lost while another field of the work item was in conflict"),
    (393, None, HOME, "the news of a twin did not settle its creation, which had been given up already"),
    (438, None, HOME, "a write of several fields said of all of them the time of one"),
    (513, None, HOME, "a step of a broken walk stood for the goal that was changed meanwhile"),
    (
        665,
        None,
        HOME,
        "our own write, which the site had forgotten to be ours, was taken for somebody's edit",
    ),
    (782, None, HOME, "a value was put back over one whose author had seen it"),
    (910, None, HOME, "a work item got a twin whose deletion was told before its creation"),
    (958, None, HOME, "a creation that was given up had come about, and a second twin was made"),
    (1127, None, HOME, "a creation that came about after all stood as void"),
    (1271, None, HOME, "a pair set aside as deleted kept its crossed claims for ever"),
    (
        1823,
        None,
        HOME,
        "a move that says nothing across was overwritten by an earlier one whose news was late",
    ),
    (4012, ("F12",), HOME, "the news of a creation undid edits that a clock set back dates before it"),
    (
        20026,
        None,
        HOME,
        "a work item whose news was lost got no twin, as its checks were cut off again and again",
    ),
    (692584, None, HOME, "a twin was made of what another synchronization had just found missing"),
    (
        940059,
        ("F1", "F7", "F9", "F14", "late effect"),
        HOME,
        "a walk went on from where a person had just moved the work item",
    ),
    (7000012, None, HOME, "a crossed edit that the same side went on from was lost without a line"),
    (7000069, None, HOME, "the intent of a crossed edit that was followed stayed for ever"),
    (
        7000124,
        None,
        HOME,
        "a stopped worker's write that the site forgot to be ours hid the edit that it crossed",
    ),
    (
        27889796,
        None,
        HOME,
        "who was frozen between hearing 429 and telling it had told of the site's clock first",
    ),
    (27891134, None, HOME, "a step of our own walk that a person had gone back to was walked on from"),
    (72230516, None, HOME, "an old value chosen anew before there was a twin stood against who edited that"),
    (72231738, None, HOME, "a work item got no twin as a clock was set forward before anybody heard of it"),
    (
        82957919,
        None,
        HOME,
        "an old value chosen anew was weighed again while something else held up the pair",
    ),
    (173709140, None, HOME, "a twin that showed up while another one was asked for in vain was made again"),
    (173709813, None, HOME, "a twin was made of what had just not been found when its pair was decided on"),
    (
        179389393,
        None,
        HOME,
        "a copy on a work item hidden from us was thought deleted when its deletion met 404",
    ),
    (33802430, None, HOME, "a twin of which only the deletion was told, mark and all, was created again"),
    (33803192, None, HOME, "a text that both sides got at once was written a second time"),
    (
        33803684,
        None,
        HOME,
        "an old value chosen anew was overwritten by an older edit, as our write crossed it",
    ),
    (175346304, None, HOME, "what another pair had given back was taken for a value chosen anew"),
    (
        175346750,
        None,
        HOME,
        "a work item dated before the point by a clock nobody had noticed was never found",
    ),
    (
        175346982,
        None,
        HOME,
        "who entered what our write brought was overwritten unsaid by who had gone on elsewhere",
    ),
    (
        5604191,
        None,
        HOME,
        "a check that somebody asked for went on behind what a cut one had come upon in vain",
    ),
    (
        22451999,
        None,
        HOME,
        "an edit that our write crossed was lost unsaid where the site's clock was set just then",
    ),
    (
        13936287,
        None,
        HOME,
        "who went on to the very value of a crossed edit was told to be in conflict with our write",
    ),
    (
        91308465,
        None,
        HOME,
        "what was told during a pause was never found: its site's clock was set back meanwhile",
    ),
    (
        653,
        None,
        HOME,
        "a crossed value chosen anew passed for carried across: who went on from our write stood against it",
    ),
    (13714492, None, HOME, "the judge took a crossed edit for unsettled whose work item had been moved away"),
    (
        13714804,
        None,
        HOME,
        "an edit went unheard over the older one of the other side that had said the same",
    ),
    (
        13714960,
        None,
        HOME,
        "the judge blamed who was frozen between looking and calling, as another was told to wait",
    ),
    (
        253,
        None,
        HOME,
        "the judge took a value for lost that stood on both sides of a pair, not in the whole family",
    ),
    (13937195, None, HOME, "the judge asked a work item that was gone for its status"),
    (50249004, OTHERS, "dc-10.3", "what a nameless write by a person's account had crossed was lost unsaid"),
    (50249047, None, "dc-8.22", "a lost write by a person's account that had come about stood as void"),
    (1540, OTHERS, "dc-10.3", "the judge held all sites to a quota that a Data Center had named"),
    (60104, OTHERS, "3lo", "a twin heard of and deleted before its creation was given up was made again"),
    (60467, None, HOME, "the original's move went unheard over that of its new twin, as its news was late"),
    (50249660, None, HOME, "an edit that said just what our late write was bringing was overwritten unsaid"),
    (64127324, None, "dc-9.12", "a write whose answer was lost counted as void once the clock was set right"),
    (64127840, None, HOME, "whose creation was lost, and who was archived for an hour, got no twin"),
    (64128309, None, HOME, "a twin that was deleted while its site was down was made again as it came back"),
    (5786074, None, HOME, "a new twin was moved back, as the news of its move and of its creation were lost"),
    (60716724, OTHERS, "dc-10.3-shared", "a twin that was gone when its news were looked at was made again"),
    (60716725, None, "3lo", "a twin whose end was told before its news were looked at was made again"),
    (60717810, None, HOME, "the judge laid to a write of the app an edit that the app had not heard of"),
    (64126455, None, HOME, "the judge laid to a new twin an edit that the app had not heard of"),
    (64128328, None, HOME, "who had won was told to have lost where it could not be put back for hours"),
    (5784936, None, HOME, "the checker called a finer status lost that a third space had overtaken"),
    (5784866, None, "dc-8.22-shared", "a write after which the link broke counted as void"),
    (4835438, None, HOME, "a certificate that nobody trusts was an error of ours, not a site out of reach"),
    (5045, None, "dc-10.3-shared", "two calls that were refused at once broke a link that could be renewed"),
    (60717361, None, "dc-9.12", "the judge took the deletion of a webhook for that of a work item"),
)
