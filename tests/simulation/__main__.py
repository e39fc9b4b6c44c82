import sys, time
from tests.simulation.boot import boot, leave

d = boot("sqlite")
from tests.simulation.ground import Grounds, Sqlite
from tests.simulation.life import live, Options
from tests.simulation import faults

g = Grounds(Sqlite(d / "world.sqlite3"))
start, n = int(sys.argv[1]), int(sys.argv[2])
among = faults.FAULTS if len(sys.argv) < 4 else tuple(x for x in sys.argv[3].split(",") if x)
for seed in range(start, start + n):
    t = time.perf_counter()
    o = live(g, Options(seed, among=among, is_kept=n == 1))
    print(
        seed,
        f"{time.perf_counter() - t:.2f}s layout={o.script.layout} happenings={len(o.script.happenings)} changes={o.report.changes} calls={o.calls} lasted={o.lasted:.0f} {o.digest[:8]} {dict(o.struck)} violations={len(o.violations)}",
    )
    for v in o.violations[:6]:
        print("   ", v)
    if n == 1:
        for at, who, what in o.lines:
            print(f"{at:10.3f} {who:10} {what}")
leave(d)
