"""A JobManager of a few answers, for tests that must know what was on the wire: one job, whose statistics
carry a serial number. Any prefix may come before a path, and names a log of its own."""
import collections
import http.server
import json
import random
import re
import socket
import threading

JOB = "0123456789abcdef0123456789abcdef"
CONFIG = {"flink-version": "1.20.3", "refresh-interval": 3000}
OPTIONS = [{"key": "rest.cache.checkpoint-statistics.timeout", "value": "0 s"}]
JOBS = {"jobs": [{"jid": JOB, "name": "tiny", "state": "RUNNING", "tasks": {"total": 1, "running": 1}}]}
PATH = re.compile(r"(.*?)(/config|/jobmanager/config|/jobs/overview|/jobs/%s/checkpoints)$" % JOB)


class Log:
    """What is known of the requests under one prefix."""

    def __init__(self):
        self.asked = threading.Event()  # the first question about the job has come
        self.arrived = set()  # serials of answers that are known to have arrived


class TinyJobManager:
    def __init__(self, answers=True):
        with open("tests/bodies/1.20.3/statistics.json", encoding="utf-8") as file:
            self.statistics = file.read().strip()[1:]
        self.answers = answers  # False: hangs up on questions about the job
        self.logs = collections.defaultdict(Log)
        self.serial = 0
        self.lock = threading.Lock()
        self.sizes = random.Random(1)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def next_statistics(self):
        with self.lock:
            self.serial += 1
            # Lines of one page up to many: a kill may come between two pages of a write.
            padding = "x" * self.sizes.choice((0, 0, 0, 5000, 100000))
            return self.serial, '{"serial":%d,"padding":"%s",%s' % (self.serial, padding, self.statistics)

    def handler(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            answered = None  # serial of this connection's last answer

            def setup(self):
                super().setup()
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def log_message(self, *_):
                pass

            def do_GET(self):
                found = PATH.match(self.path)
                if not found:
                    self.reply(404, '{"errors":["Not found: %s"]}' % self.path)
                elif found[2] == "/config":
                    self.reply(200, json.dumps(CONFIG))
                elif found[2] == "/jobmanager/config":
                    self.reply(200, json.dumps(OPTIONS))
                elif found[2] == "/jobs/overview":
                    self.reply(200, json.dumps(JOBS))
                else:
                    self.tell_statistics(outer.logs[found[1]])

            def tell_statistics(self, log):
                log.asked.set()
                if not outer.answers:
                    self.close_connection = True
                    return
                # A client uses a connection again only when the answer before was whole.
                if self.answered:
                    log.arrived.add(self.answered)
                serial, body = outer.next_statistics()
                self.answered = None
                self.reply(200, body)
                self.answered = serial

            def reply(self, status, text):
                body = text.encode()
                head = "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                try:
                    self.connection.sendall((head % (status, len(body))).encode() + body)
                except OSError:  # the client was killed
                    self.close_connection = True

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    pass

        return Handler
