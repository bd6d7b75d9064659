"""freshcheck serve under load and under clients that misbehave. Prints TAP.

usage: load.py FRESHCHECK SCRATCH_FOLDER checked|unchecked [REQUESTS JOBS]
Memory after so many requests, and after so many jobs come and gone, is compared with that after
the first of them (default: 50,000 and 500).
"""
import atexit
import http.client
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time

freshcheck, scratch, memory = sys.argv[1:4]
request_count, job_count = map(int, sys.argv[4:6] or (50000, 500))
JOB = "000000000000000000000000000a0000"
CONFIG = b"GET /config HTTP/1.1\r\nHost: x\r\n\r\n"
CHECKPOINTS = b"GET /jobs/%s/checkpoints HTTP/1.1\r\nHost: x\r\n\r\n" % JOB.encode()
failures = 0


def check(holds, what, why=""):
    global failures
    failures += not holds
    print(("ok - " if holds else "not ok - ") + what)
    if not holds and why:
        print("#   " + str(why))
    sys.stdout.flush()


def scenario(name, latency="0 ms", timeout="1 h", history=10, every="1 h"):
    path = os.path.abspath(os.path.join(scratch, name + ".yaml"))
    with open(path, "w") as file:
        file.write(f"""title: {name}
why: load
flink: {{rest.cache.checkpoint-statistics.timeout: {timeout}, web.checkpoints.history: {history}}}
jobmanager:
  latency: {latency}
  J: {{checkpoints: {{every: {every}, takes: 1 ms}}}}
clients: {{reader: {{polls: J, every: 1 s}}}}
claims: [monotonic]
ends: 10 s
""")
    return path


class Server:
    def __init__(self, *arguments, file_limit=None):
        self.folder = os.path.join(scratch, "folder")
        os.makedirs(self.folder, exist_ok=True)
        limit = (file_limit, file_limit)
        self.process = subprocess.Popen(
            [os.path.abspath(freshcheck), "serve", "--port", "0", *arguments],
            stderr=subprocess.PIPE, text=True, cwd=self.folder,
            preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, limit))
            if file_limit else None)
        atexit.register(self.process.kill) # none outlives a test that broke off
        greeting = self.process.stderr.readline()
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", greeting).group(1))

    def dial(self, receive_buffer=None):
        client = socket.socket()
        client.settimeout(20)
        if receive_buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.connect(("127.0.0.1", self.port))
        return client

    def resident_kib(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))

    def files_open(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.stderr.read()
        return self.process.wait()


def hear(client, count=1):
    """Reads so many answers; their statuses, fewer when the connection ended."""
    pending, statuses = b"", []
    while len(statuses) < count:
        head_end = pending.find(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", pending[:head_end].lower())
        if head_end >= 0 and len(pending) >= head_end + 4 + int(length.group(1)):
            statuses.append(int(pending[9:12]))
            pending = pending[head_end + 4 + int(length.group(1)):]
            continue
        bytes_read = client.recv(1 << 20)
        if not bytes_read:
            break
        pending += bytes_read
    return statuses


def ask(client, request=CONFIG):
    client.sendall(request)
    return hear(client) == [200]


def until(holds):
    """Waits for what the server does on its own; false when it has not within 10 seconds."""
    end = time.monotonic() + 10
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def silent_connections():
    server = Server(scenario("silent"))
    with server.dial() as one:
        ask(one)
    files, before = server.files_open(), server.resident_kib()
    silent = [server.dial() for _ in range(10000)]
    with server.dial() as one:
        check(ask(one), "a client is answered beside 10,000 connections that say nothing")
    check(until(lambda: server.files_open() >= files + 9900), "they are all taken in")
    held = server.resident_kib() - before
    for client in silent:
        client.close()
    check(until(lambda: server.files_open() <= files + 1), "and all let go when they leave")
    if memory == "checked":
        check(held < 10000 * 8, "each of them costs less than 8 KiB", f"{held} KiB in all")
        check(until(lambda: server.resident_kib() - before < held / 4),
              "most of which is given back", f"{server.resident_kib() - before} of {held} KiB")
    with server.dial() as one:
        check(ask(one), "and the next one is answered")
    check(server.end() == 0, "the server ends well")


def too_many_connections():
    server = Server(scenario("many"), file_limit=200)
    crowd = [server.dial() for _ in range(300)]
    check(all(ask(client) for client in crowd[:100]), "those that found room are answered")
    late = crowd[299]
    late.sendall(CONFIG)
    late.settimeout(0.2)
    try:
        waits = late.recv(1) is None
    except TimeoutError:
        waits = True
    check(waits, "more connections than the server has files for wait")
    for client in crowd[:200]:
        client.close()
    late.settimeout(20)
    check(hear(late) == [200], "and are served when others have left")
    check(server.end() == 0, "the server ends well")


def slow_readers():
    server = Server(scenario("slow", history=2500, every="1 ms"), "--clock", "manual")
    with server.dial() as one:
        ask(one, b"POST /freshcheck/clock/advance?by=5s HTTP/1.1\r\nHost: x\r\n\r\n")
        one.sendall(CHECKPOINTS)
        head = one.recv(1024)
        length = int(re.search(rb"content-length: (\d+)", head.lower()).group(1))
    check(length > 1 << 20, "an answer is larger than 1 MiB", length)
    slow = [server.dial(receive_buffer=4096) for _ in range(100)]
    for client in slow:
        client.sendall(CHECKPOINTS * 20)
    with server.dial() as one:
        check(all(ask(one) for _ in range(100)), "a client is answered beside 100 that do not read")
    if memory == "checked":
        held = server.resident_kib()
        check(held < 100 * 1024, "whose answers are not piled up", f"{held} KiB")
    for client in slow:
        client.close()
    check(server.end() == 0, "the server ends well")


def vanishing_clients():
    server = Server(scenario("vanish", latency="100 ms", timeout="0 s"))
    with server.dial() as one:
        ask(one)
        files = server.files_open()
        for _ in range(500):
            with server.dial() as client:
                client.sendall(CHECKPOINTS)
        check(until(lambda: server.files_open() <= files), "500 clients that left are forgotten")
        check(ask(one, CHECKPOINTS), "and the one that stayed is answered")
    check(server.end() == 0, "the server ends well")


def farewell():
    server = Server(scenario("farewell", latency="200 ms", timeout="0 s"))
    with server.dial() as one:
        ask(one)
        files = server.files_open()
        clients = [server.dial() for _ in range(50)]
        for client in clients:
            client.sendall(CHECKPOINTS)
        until(lambda: server.files_open() >= files + 50)
        ask(one)
    server.process.send_signal(signal.SIGTERM)
    check(all(hear(client) == [200] for client in clients), "answers under way leave after SIGTERM")
    check(server.process.wait() == 0, "and the server ends with 0")
    check(os.listdir(server.folder) == [], "leaving no file behind")


def many_requests():
    server = Server(scenario("requests"))
    url = f"http://127.0.0.1:{server.port}/jobs/{JOB}/checkpoints"
    counts = subprocess.run(["curl", "-s", "-w", "%{num_connects} ", "-o", "/dev/null", url,
                             "-o", "/dev/null", url], capture_output=True, text=True).stdout
    check(counts == "1 0 ", "two requests of curl use one connection", counts)

    def requests(count):
        with server.dial() as client:
            for _ in range(count // 500):
                client.sendall(CHECKPOINTS * 500)
                if hear(client, 500) != [200] * 500:
                    return False
        return True

    # Each of them has the cluster asked, so that the server stops between any two.
    with server.dial() as client:
        client.sendall(b"GET /overview HTTP/1.1\r\nHost: x\r\n\r\n" * 200)
        check(hear(client, 200) == [200] * 200, "200 requests in one go are answered")

    early = min(10000, request_count // 10)
    answered = requests(early)
    before = server.resident_kib()
    answered &= requests(request_count - early)
    check(answered, f"{request_count} requests are answered")
    check_memory(f"{request_count} requests", early, before, server.resident_kib())
    check(server.end() == 0, "the server ends well")


def check_memory(what, early, before, after):
    if memory == "checked":
        check(after <= before * 1.05,
              f"memory after {what} is that after {early}: {after} KiB, {before} KiB")


def many_jobs():
    server = Server("-D", "jobstore.max-capacity=20", "--clock", "manual", "--journal", "100")
    client = http.client.HTTPConnection("127.0.0.1", server.port)

    def call(method, path, body=None, headers={}):
        client.request(method, path, body, headers)
        answer = client.getresponse()
        return answer.status, answer.read()

    call("POST", "/jars/upload", '--xyz\r\nContent-Disposition: form-data; name="f"; '
         'filename="a.jar"\r\n\r\nPK\r\n--xyz--\r\n',
         {"Content-Type": "multipart/form-data; boundary=xyz"})
    jar = json.loads(call("GET", "/jars")[1])["files"][0]["id"]

    def come_and_go(count):
        for _ in range(count):
            job = json.loads(call("POST", f"/jars/{jar}/run", "{}")[1])["jobid"]
            call("POST", "/freshcheck/clock/advance?by=25s")
            if call("GET", f"/jobs/{job}/checkpoints")[0] != 200:
                return False
            call("PATCH", f"/jobs/{job}?mode=cancel")
            call("POST", "/freshcheck/clock/advance?by=1s")
        return True

    early = job_count // 5
    gone = come_and_go(early)
    before = server.resident_kib()
    gone &= come_and_go(job_count - early)
    check(gone, f"{job_count} jobs come and go")
    check_memory(f"{job_count} jobs", early, before, server.resident_kib())
    check(server.end() == 0, "the server ends well")


soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
if hard < 10200:
    print("ok - 10,000 connections # SKIP the system allows fewer open files")
else:
    silent_connections()
too_many_connections()
slow_readers()
vanishing_clients()
farewell()
many_requests()
many_jobs()
sys.exit(failures > 0)
