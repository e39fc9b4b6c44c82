"""How gunicorn serves the app; it reads this file by itself. What is given on its command line wins."""

import signal

import gunicorn
from gunicorn.glogging import Logger

from backbone_app.logs import JsonLines


class JsonLogger(Logger):
    """Writes gunicorn's own lines as all others are: JSON, with nothing secret in it."""

    def setup(self, cfg):
        """Set up what the options say, and have it write JSON."""
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(JsonLines())


gunicorn.SERVER = ""  # every answer names the server otherwise, and there is no setting for it
control_socket_disable = True  # signals do; a socket in somebody's home is one more door
worker_class = "gthread"  # a worker that waits for a slow sender goes on serving others
threads = 8
graceful_timeout = 30  # what is being answered when the server is asked to end or to reload
forwarded_allow_ips = ""  # whether a proxy is believed is for BACKBONE_BEHIND_PROXY to say
limit_request_line = 8190  # pages are opened with a token in the query
limit_request_fields = 60
limit_request_field_size = 8190
logger_class = JsonLogger
accesslog = None  # addresses of downloads are tickets
access_log_format = "%(h)s %(t)s %(m)s %(U)s %(s)s %(B)s %(M)s"  # if one is wanted: no query, no referrer


def post_worker_init(worker):  # noqa: ARG001 - gunicorn's hook
    """Leave Ctrl-C to the first process: it reaches all, and one told to end twice may wait for itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
