"""Starts a JobManager alone with exactly the files of a case, and sees what comes of it."""
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import cluster  # noqa: E402
import table  # noqa: E402

# Which cases on which release: every way to refuse, and every way to a timeout.
CHOSEN = {
    "1.17.2": ["nothing", "refresh-bare", "refresh-plus", "refresh-seconds", "refresh-zero",
               "refresh-minus", "key-old-name", "key-both-names", "key-new-name-wrong",
               "key-old-name-wrong-but-unread", "single-quotes-stay", "tab-behind-colon",
               "no-blank-behind-colon", "cancel-yes", "statistics-seconds", "metrics-seconds"],
    "1.20.3": ["nothing", "refresh-seconds", "refresh-plus", "refresh-micro", "statistics-bare",
               "statistics-zero", "statistics-iso", "statistics-minus", "key-old-name",
               "key-own-before-fallback", "key-zero-beside-refresh", "size-minus", "size-zero",
               "duplicate-key", "scalar-null", "scalar-hexadecimal",
               "empty-old-file-beside-the-new", "broken-new-file-beside-the-old",
               "dynamic-fallback-against-file", "jobstore-expiration-seconds"],
    "2.3.0": ["empty-yaml", "nested", "key-old-name-yaml", "nested-deprecated-key",
              "key-graph-follows-old-name-yaml", "statistics-iso-yaml",
              "statistics-iso-negative-yaml", "scalar-float-with-exponent", "scalar-octal",
              "size-minus-yaml", "two-documents", "number-as-key", "utf-16",
              "cancel-quoted-blank-yaml", "graph-zero-yaml", "graph-minus-yaml",
              "jobstore-expiration-seconds-yaml", "anchor-and-alias"],
}
PATIENCE_S = 60
LONGER_THAN_S = 4.5  # timeouts past this are only seen to be longer
EARLY_MS, LATE_MS = 2, 500
AT_SUBMISSION = ("web.checkpoints.history", "execution.checkpointing.")


class JobManager:
    def __init__(self, jars, release, case):
        self.jars, self.release, self.case, self.process = jars, release, case, None
        self.folder = tempfile.mkdtemp(prefix="freshcheck-flink-")
        self.log = os.path.join(self.folder, "log")

    def __enter__(self):
        conf = os.path.join(self.folder, "conf")
        table.write_files(self.case, conf)
        properties = os.path.join(self.folder, "log4j.properties")
        with open(properties, "w") as file:
            file.write(cluster.LOGGING)
        classes = ":".join(os.path.join(self.jars, name) for name in sorted(os.listdir(self.jars))
                           if name.startswith(("flink-dist-", "log4j-")))
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--"] + cluster.JAVA +
                ["-Djava.io.tmpdir=" + self.folder, "-Dlog4j.configurationFile=" + properties,
                 "-cp", classes] + cluster.JOB_MANAGER + ["--configDir", conf] + self.dynamic(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                start_new_session=True)
        return self

    def dynamic(self):
        """What a process needs to run beside others, and the case's own."""
        rest, rpc = cluster.free_ports(2)
        self.address = "http://127.0.0.1:%d" % rest
        options = {"jobmanager.rpc.address": "127.0.0.1", "jobmanager.bind-host": "127.0.0.1",
                   "jobmanager.rpc.port": rpc, "rest.address": "127.0.0.1",
                   "rest.bind-address": "127.0.0.1", "rest.port": rest, "rest.bind-port": rest,
                   "blob.server.port": 0, "io.tmp.dirs": self.folder, "web.tmpdir": self.folder,
                   "web.upload.dir": self.folder}
        pairs = ["%s=%s" % pair for pair in options.items()] + self.case.dynamic
        return [argument for pair in pairs for argument in ("-D", pair)]

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        cluster.shutil.rmtree(self.folder, ignore_errors=True)

    def said(self):
        with open(self.log, errors="replace") as log:
            return log.read()

    def wait(self):
        """GET /config once it answers, or None when the process has ended."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                return None
            try:
                return cluster.get(self.address, "/config")
            except (OSError, ValueError):
                time.sleep(0.1)
        raise RuntimeError("neither an answer nor an end:\n" + self.said()[-2000:])


def post(address, path, body=b"{}", kind="application/json"):
    request = urllib.request.Request(address + path, data=body, headers={"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def submit(address, release):
    """A job that never runs: there is no TaskManager."""
    built = subprocess.run([os.path.join(cluster.ROOT, "scripts", "build-flink-job"), release],
                           stdout=subprocess.PIPE, text=True, check=True)
    with open(built.stdout.strip(), "rb") as jar:
        content = jar.read()
    head = (b'--b\r\nContent-Disposition: form-data; name="jarfile"; filename="job.jar"\r\n'
            b"Content-Type: application/java-archive\r\n\r\n")
    uploaded = post(address, "/jars/upload", head + content + b"\r\n--b--\r\n",
                    "multipart/form-data; boundary=b")
    body = {"programArgsList": ["--interval-ms", "3600000"]}
    return post(address, "/jars/%s/run" % os.path.basename(uploaded["filename"]),
                json.dumps(body).encode())["jobid"]


def total(address, job):
    try:
        return cluster.get(address, "/jobs/%s/checkpoints" % job)["counts"]["total"]
    except OSError:  # while the job initialises
        return None


def wait_for_change(address, job, old):
    """The answer that is another, and when it was asked for; None when it stays too long."""
    begin = time.monotonic()
    while time.monotonic() < begin + LONGER_THAN_S:
        sent = time.monotonic()
        now = total(address, job)
        if now is not None and now != old:
            return now, sent
        time.sleep(0.001)
    return None


def measure(address, job):
    """How long an answer stays the old one, in ms; None: longer than LONGER_THAN_S.

    A trigger fails at once, and raises counts.total: the truth moves at a known instant."""
    before = total(address, job)
    while before is None:
        time.sleep(0.05)
        before = total(address, job)
    post(address, "/jobs/%s/checkpoints" % job)
    refilled = wait_for_change(address, job, before)
    if refilled is None:
        return None
    first, sent = refilled
    post(address, "/jobs/%s/checkpoints" % job)
    if wait_for_change(address, job, first) is None:
        return None
    return 1000 * (time.monotonic() - sent)


def milliseconds(text):
    return float(text[:-2])


def see(jars, release, case, expected):
    """(whether it was as expected, what was seen)"""
    refusals = [value[8:] for option, value in expected.items()
                if value.startswith("refused ") and not option.startswith(AT_SUBMISSION)]
    with JobManager(jars, release, case) as job_manager:
        config = job_manager.wait()
        if config is None:
            # What stands behind the sentence's place in the file is Flink's own wording too.
            said = " ".join(job_manager.said().split())
            wanted = [" ".join(r.split(" Caused by: ")[-1].split())[:60] for r in refusals]
            fine = any(w in said for w in wanted)
            return fine, "refused with the sentence" if fine else "refused: " + said[-300:]
        refresh = "refresh-interval %d" % config["refresh-interval"]
        if refusals or "%dms" % config["refresh-interval"] != expected["web.refresh-interval"]:
            return False, refresh
        return judge(job_manager, release, expected, refresh)


def judge(job_manager, release, expected, refresh):
    name = "rest.cache.checkpoint-statistics.timeout"
    wanted = milliseconds(expected.get(name, expected["web.refresh-interval"]))
    if expected.get("rest.cache.checkpoint-statistics.size") == "0":
        wanted = 0  # a cache that holds nothing
    shown = measure(job_manager.address, submit(job_manager.address, release))
    if shown is None:
        return wanted > 1000 * LONGER_THAN_S, refresh + ", timeout over %g s" % LONGER_THAN_S
    return (wanted - EARLY_MS <= shown <= wanted + LATE_MS,
            refresh + ", timeout measured %d ms" % shown)
