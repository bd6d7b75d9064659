"""The effective timeout of checkpoint statistics, measured from outside.

A JobManager alone is enough: without a TaskManager a job never runs, so every trigger fails at once and
is counted, and the truth moves at a known instant. On the model, where a trigger succeeds, it does so
too.
"""
import time

from calls import call, start_job, wait_until

OPTION_SETS = [
    {},
    {"rest.cache.checkpoint-statistics.timeout": "1500 ms"},
    {"rest.cache.checkpoint-statistics.timeout": "0 s"},
    {"web.refresh-interval": "600"},
    {"jobmanager.web.refresh-interval": "600"},
]
NEVER_MS = 3600 * 1000


def counts_now(address, job):
    return call(address, "/jobs/%s/checkpoints" % job)["counts"]


def trigger(address, job):
    """Returns when it is over."""
    path = "/jobs/%s/checkpoints" % job
    operation = path + "/" + call(address, path, b"{}")["request-id"]
    wait_until("a trigger is over", lambda: call(address, operation)["status"]["id"] == "COMPLETED")


def measured_ms(address, jar):
    """How long after the request that filled the entry, the first of all, one was sent that was still
    answered out of it; 0: none was, after the truth had moved."""
    job = start_job(address, jar, "--interval-ms", str(NEVER_MS))
    filled = time.monotonic()
    counts = counts_now(address, job)
    trigger(address, job)
    kept_s = 0

    def is_anew():
        nonlocal kept_s
        asked_s = time.monotonic() - filled
        if counts_now(address, job) != counts:
            return True
        kept_s = asked_s
        return False

    wait_until("a trigger is counted", is_anew)
    return kept_s * 1000
