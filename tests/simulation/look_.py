import sys
from tests.simulation.boot import boot, leave

d = boot("sqlite")
from tests.simulation.ground import Grounds, Sqlite
from tests.simulation import life
from tests.simulation import faults, judging
from backbone_app.models import JournalEntry

g = Grounds(Sqlite(d / "world.sqlite3"))
among = faults.FAULTS if len(sys.argv) < 3 else tuple(x for x in sys.argv[2].split(",") if x)
seed = int(sys.argv[1])
L = life._Life(g, life.Options(seed, among=among, is_kept=True))
o = L.lived()
for at, who, what in o.lines:
    print(f"{at:10.3f} {who:10} {what}")
for j in JournalEntry.objects.order_by("pk"):
    print("journal", j.at.time(), j.kind, j.side, j.rows, j.pair_id, j.causes)
for site in L.jira.sites.values():
    for i in site.issues.values():
        print(i.key, i.id)
        for e in i.changelog:
            print(
                "   ",
                e.id,
                e.created.time(),
                "APP" if e.author == site.app.user.account_id else "",
                [(x.field_id, x.before_text, x.after_text) for x in e.items],
                (e.history_metadata or {}).get("extraData"),
            )
for v in o.violations:
    print("VIOLATION", v)
leave(d)
