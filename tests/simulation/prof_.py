import cProfile, pstats, sys, threading, time
from tests.simulation.boot import boot, leave
d = boot("sqlite")
from tests.simulation.ground import Grounds, Sqlite
from tests.simulation.life import live, Options
from tests.simulation import faults, baton
g = Grounds(Sqlite(d/"world.sqlite3"))
live(g, Options(0, among=()))
profs=[]
orig=baton.Worker._live
def _live(self):
    p=cProfile.Profile(time.thread_time); profs.append(p)
    p.enable()
    try: orig(self)
    finally: p.disable()
baton.Worker._live=_live
p=cProfile.Profile(time.thread_time); profs.append(p); 
p.enable()
t=time.process_time()
for s in range(3): live(g, Options(s, among=()))
print("cpu", time.process_time()-t)
p.disable()
st=None
for q in profs:
    q.create_stats()
    if st is None: st=pstats.Stats(q)
    else: st.add(q)
st.sort_stats('cumtime').print_stats('backbone_app|tests/simulation|jira_sandbox')
leave(d)
