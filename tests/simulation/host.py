"""A process that lives lives for another one: ``python -m tests.simulation.host STORE DESCRIPTOR [BUG]``.

It hears ``(name of a function, arguments)``, calls the function with its grounds and says what it gave, until
the other end is closed. Of an error it dies, with its traceback on standard error: what it left behind in the
process would be in the lives after it.
"""

import signal
import sys
from multiprocessing.connection import Connection
from typing import cast

from tests.simulation import boot


def serve(store: boot.Store, wire: "Connection[object, object]", bug: str) -> None:
    """Set everything up and answer until nobody asks any more."""
    directory = boot.boot(store)
    try:
        # Only now, since all of it imports the app, whose clock and database had to be set up first.
        from django.utils.module_loading import import_string

        if bug:
            import_string("tests.simulation.planted.plant")(bug)
        grounds = import_string("tests.simulation.ground.opened")(store, directory)
        while True:
            try:
                name, arguments = cast("tuple[str, tuple[object, ...]]", wire.recv())
            except EOFError:
                return
            wire.send(import_string(name)(grounds, *arguments))
    finally:
        boot.leave(directory)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever is asked to stop closes the other end
    serve(cast("boot.Store", sys.argv[1]), Connection(int(sys.argv[2])), sys.argv[3])
