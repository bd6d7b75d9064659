"""Calls to a cluster, and jobs to start there."""
import contextlib
import json
import time
import urllib.error
import urllib.request
import uuid

PATIENCE_S = 30
POLL_S = 0.003


def call(address, path, body=None, headers=None):
    asked = urllib.request.Request(address + path, body, headers or {})
    with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
        return json.load(answer)


def wait_until(what, is_so):
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > end:
            raise SystemExit("calls: after %d s it is still not so that %s" % (PATIENCE_S, what))
        time.sleep(POLL_S)


def is_in_state(address, job, state):
    """The list goes through no cache."""
    return {"id": job, "status": state} in call(address, "/jobs")["jobs"]


def start_job(address, jar, *arguments):
    """Returns its id once it runs, as far as it can without a TaskManager."""
    boundary = uuid.uuid4().hex
    with open(jar, "rb") as file:
        content = file.read()
    body = (('--%s\r\nContent-Disposition: form-data; name="jarfile"; filename="job.jar"\r\n'
             "Content-Type: application/x-java-archive\r\n\r\n" % boundary).encode()
            + content + ("\r\n--%s--\r\n" % boundary).encode())
    uploaded = call(address, "/jars/upload", body,
                    {"Content-Type": "multipart/form-data; boundary=" + boundary})
    job = call(address, "/jars/%s/run" % uploaded["filename"].split("/")[-1], json.dumps(
        {"programArgsList": arguments}).encode())["jobid"]
    wait_until("a job runs", lambda: is_in_state(address, job, "RUNNING"))
    return job


def warm_up(address, jar):
    """A JVM that has just started is slow at all that it does for the first time. Starts a job, lets
    it take some checkpoints, and waits until it has finished."""
    job = start_job(address, jar, "--interval-ms", "50", "--finish-after-ms", "1000")

    def has_finished():
        for path in "/jobs/" + job, "/jobs/%s/checkpoints" % job:
            with contextlib.suppress(urllib.error.HTTPError):
                call(address, path)
        return is_in_state(address, job, "FINISHED")

    wait_until("a job finishes", has_finished)
