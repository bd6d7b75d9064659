#!/usr/bin/env python3
"""A conversation with a cluster, written down as a transcript that `freshcheck conform` reads.

usage: tests/flink/conversation.py ADDRESS JAR CONTROL >TRANSCRIPT
CONTROL is the path of a file that the jobs obey: see tests/flink/job. The cluster must be one that
tests/flink/cluster.py started, with the OPTIONS below, and without jobs.

It asks what every client asks, in every state that a job can be in: docs/conform.md says how the
answers are compared.
"""
import http.client
import json
import os
import sys
import time
import uuid

sys.dont_write_bytecode = True
from calls import PATIENCE_S, call, wait_until  # noqa: E402

# Answers that are kept would have to be kept to the millisecond in a replay.
OPTIONS = {"web.refresh-interval": "1", "rest.cache.checkpoint-statistics.timeout": "0 s",
           "heartbeat.interval": "500"}
UNKNOWN = "f" * 32
SELDOM_MS = 600000
ABOUT_A_JOB = ["", "/config", "/checkpoints", "/checkpoints/config", "/exceptions", "/status",
               "/plan", "/accumulators"]
ABOUT_THE_CLUSTER = ["/overview", "/config", "/jobs", "/jobs/overview", "/taskmanagers"]
KEPT_HEADERS = ["content-type", "access-control-allow-origin", "connection", "content-length"]
ENDED = {"FINISHED", "CANCELED", "FAILED"}


class Conversation:
    def __init__(self, address, jar, control):
        self.connection = http.client.HTTPConnection(address.split("//")[1], timeout=PATIENCE_S)
        self.address, self.jar, self.control = address, jar, control
        self.began = time.monotonic()
        self.lines = []
        self.exchange_count = self.job_count = 0

    def now_ms(self):
        return round((time.monotonic() - self.began) * 1000, 3)

    def note(self, text):
        self.lines.append({"note": text, "at_ms": self.now_ms()})

    def ask(self, method, path, request=None, sent=None, headers=None):
        """`sent` are the bytes themselves where `request`, the text that is written down, stands
        for something else. Returns the answer's JSON, or None when it is none."""
        sent_ms = self.now_ms()
        body = sent if sent is not None else (request or "").encode()
        self.connection.request(method, "/v1" + path, body if request else None, headers or {})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.exchange_count += 1
        line = {"seq": self.exchange_count, "sent_ms": sent_ms, "done_ms": self.now_ms(),
                "method": method, "path": "/v1" + path}
        if request is not None:
            line["request"] = request
        line.update(status=answer.status, body=text, headers={
            key: answer.getheader(key) for key in KEPT_HEADERS if answer.getheader(key)})
        self.lines.append(line)
        try:
            return json.loads(text)
        except ValueError:
            return None

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, **members):
        return self.ask("POST", path, json.dumps(members))

    def ask_when(self, path, is_there):
        """Waits off the record: what is answered while something changes depends on the millisecond,
        and no transcript tells it. Then asks once."""
        wait_until(path + " is answered as it should be",
                   lambda: is_there(call(self.address, path)))
        return self.get(path)

    def ask_cluster(self):
        for path in ABOUT_THE_CLUSTER:
            self.get(path)

    def ask_all_about(self, job):
        """Not at once: tasks that are about to come up are up then. How long a task was in which state,
        its vertex says."""
        time.sleep(1)
        for path in ABOUT_A_JOB:
            self.get("/jobs/%s%s" % (job, path))
        for vertex in self.get("/jobs/" + job)["vertices"]:
            self.get("/jobs/%s/vertices/%s" % (job, vertex["id"]))

    def upload(self):
        boundary = uuid.uuid4().hex
        with open(self.jar, "rb") as file:
            jar = file.read()
        head = ('--%s\r\nContent-Disposition: form-data; name="jarfile"; filename="%s"\r\n'
                "Content-Type: application/x-java-archive\r\n\r\n"
                % (boundary, os.path.basename(self.jar)))
        answer = self.ask("POST", "/jars/upload", "<multipart body with one jar>",
                          head.encode() + jar + ("\r\n--%s--\r\n" % boundary).encode(),
                          {"Content-Type": "multipart/form-data; boundary=" + boundary})
        return answer["filename"].split("/")[-1]

    def run_job(self, jar_id, savepoint=None, **arguments):
        job = "%032x" % (0xa0000 + self.job_count)
        self.job_count += 1
        texts = ["--control", self.control]
        for key, value in arguments.items():
            texts += ["--" + key.replace("_", "-"), str(value)]
        members = {"programArgsList": texts, "jobId": job}
        if savepoint:
            members["savepointPath"] = savepoint
        self.post("/jars/%s/run" % jar_id, **members)
        return job

    def await_state(self, job, *states):
        self.ask_when("/jobs/" + job, lambda a: a["state"] in states)

    def await_operation(self, path, request_id):
        return self.ask_when("%s/%s" % (path, request_id),
                             lambda a: a["status"]["id"] == "COMPLETED")["operation"]

    def trigger(self, job, **members):
        path = "/jobs/%s/checkpoints" % job
        return self.await_operation(path, self.post(path, **members)["request-id"])

    def obey(self, order):
        """In one step: the job may be reading it."""
        with open(self.control + ".new", "w") as file:
            file.write(order)
        os.replace(self.control + ".new", self.control)


def ask_what_is_wrong(talk):
    talk.note("errors: unknown job, malformed ids, unknown routes, wrong methods")
    for path in ABOUT_A_JOB + ["/checkpoints/details/1", "/checkpoints/" + UNKNOWN,
                               "/savepoints/" + UNKNOWN, "/checkpoints/details/abc",
                               "/checkpoints/notatrigger", "/nosuch"]:
        talk.get("/jobs/%s%s" % (UNKNOWN, path))
    talk.get("/jobs/xyz/checkpoints")
    talk.ask("DELETE", "/jobs/%s/checkpoints" % UNKNOWN)
    talk.ask("POST", "/jobs/%s/checkpoints" % UNKNOWN, "{not json")
    talk.post("/jobs/%s/checkpoints" % UNKNOWN, checkpointType="NOPE")
    talk.trigger(UNKNOWN)
    talk.ask("PATCH", "/jobs/%s?mode=cancel" % UNKNOWN)


def watch_a_job(talk, jar_id):
    talk.note("job A: its checkpoints are triggered, so that none comes in between")
    job = talk.run_job(jar_id, interval_ms=SELDOM_MS, state_bytes=100000, name="job A")
    talk.await_state(job, "RUNNING")
    talk.ask_all_about(job)
    for _ in range(3):
        talk.trigger(job)
    talk.ask_all_about(job)
    talk.ask_cluster()
    vertex = talk.get("/jobs/" + job)["vertices"][0]["id"]
    for path in "/2", "/2/subtasks/" + vertex, "/2/subtasks/" + UNKNOWN, "/999999":
        talk.get("/jobs/%s/checkpoints/details%s" % (job, path))

    talk.note("triggers of each type, and twice under one id")
    talk.trigger(job, checkpointType="FULL")
    talk.post("/jobs/%s/checkpoints" % job, checkpointType="INCREMENTAL")
    for _ in range(2):
        talk.trigger(job, triggerId="%032x" % 7)
    talk.get("/jobs/%s/checkpoints/%s" % (job, UNKNOWN))
    talk.get("/jobs/%s/checkpoints" % job)
    return job


def watch_a_restart(talk, job):
    talk.note("a snapshot fails, and the job restarts")
    talk.obey("fail")
    talk.trigger(job)
    talk.obey("")
    talk.ask_all_about(job)
    talk.trigger(job)
    talk.get("/jobs/%s/checkpoints" % job)


def stop_with_savepoint(talk, job):
    talk.note("savepoints, and stop with one")
    path = "/jobs/%s/savepoints" % job
    for format_type in "CANONICAL", "NATIVE":
        talk.await_operation(path, talk.post(path, formatType=format_type)["request-id"])
    talk.post(path, formatType="NOPE")
    talk.get("/jobs/%s/checkpoints" % job)
    stopped = talk.post("/jobs/%s/stop" % job, drain=False)["request-id"]
    savepoint = talk.await_operation(path, stopped)["location"]
    talk.await_state(job, *ENDED)
    talk.ask_all_about(job)
    talk.trigger(job)
    talk.ask("PATCH", "/jobs/%s?mode=cancel" % job)
    return savepoint


def migrate_and_cancel(talk, jar_id, savepoint):
    talk.note("job B: started from the savepoint, cancelled")
    job = talk.run_job(jar_id, savepoint, interval_ms=SELDOM_MS, state_bytes=100000, name="job B")
    talk.await_state(job, "RUNNING")
    talk.ask_all_about(job)
    talk.trigger(job)
    talk.get("/jobs/%s/checkpoints" % job)
    talk.ask("PATCH", "/jobs/%s?mode=cancel" % job)
    talk.await_state(job, *ENDED)
    talk.ask_all_about(job)
    talk.get("/jobs/%s/yarn-cancel" % job)
    talk.get("/jobs/%s/yarn-stop" % job)


def watch_odd_jobs(talk, jar_id):
    talk.note("job C: no checkpoints")
    job = talk.run_job(jar_id, name="job C")
    talk.await_state(job, "RUNNING")
    talk.ask_all_about(job)
    talk.ask("PATCH", "/jobs/%s?mode=cancel" % job)
    talk.await_state(job, *ENDED)

    talk.note("job D: finishes by itself")
    job = talk.run_job(jar_id, interval_ms=200, finish_after_ms=1500, name="job D")
    talk.await_state(job, *ENDED)
    talk.ask_all_about(job)


def hold_conversation(address, jar, control):
    """Returns the lines of the transcript, in order of completion."""
    await_first_heartbeat(address)
    talk = Conversation(address, jar, control)
    talk.note("the cluster, empty")
    talk.ask_cluster()
    ask_what_is_wrong(talk)
    jar_id = talk.upload()
    job = watch_a_job(talk, jar_id)
    watch_a_restart(talk, job)
    savepoint = stop_with_savepoint(talk, job)
    migrate_and_cancel(talk, jar_id, savepoint)
    watch_odd_jobs(talk, jar_id)
    talk.note("all jobs at the end")
    talk.ask_cluster()
    talk.get("/jobmanager/config")
    return talk.lines


def await_first_heartbeat(address):
    """Since 2.0 the time of a heartbeat that has not come yet is 0; one comes every 10 s."""
    wait_until("a TaskManager has sent a heartbeat", lambda: call(
        address, "/taskmanagers")["taskmanagers"][0]["timeSinceLastHeartbeat"] > 0)


def main(arguments):
    if len(arguments) != 3:
        sys.stderr.write(__doc__)
        return 64
    for line in hold_conversation(*arguments):
        print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
