#!/usr/bin/env python3
"""Flink's own dashboard, in headless Chromium, on the mock: its pages show what the scenario
dashboard.yaml says, and its console stays empty. Pictures go to build/pictures.

usage: tests/flink/test_dashboard.py [VERSION...]      (default: 1.20.3 2.3.0)
Prints TAP. Ends with 77 when the browser or Flink's jars cannot be had.
"""
import os
import re
import shutil
import subprocess
import sys
import urllib.request

sys.dont_write_bytecode = True
from browser import Browser  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PICTURES = os.path.join(ROOT, "build", "pictures")
FRESHCHECK = os.environ.get("FRESHCHECK", os.path.join(ROOT, "build", "gcc", "freshcheck"))
JOB = "0000000000000000000000000000da5b"
ROWS = "flink-job-checkpoints .ant-tabs-tabpane-active "
DETAIL = ROWS + "flink-job-checkpoints-detail "

# What dashboard.yaml says, in the dashboard's words. The state of 2 MB is shared out by subtasks.
CHECKPOINTS = [
    "Triggered: 6 In Progress: 1 Completed: 4 Failed: 1 Restored: 0",
    "Latest Completed Checkpoint ID: 5 Completion Time: 2026-01-01 00:00:50.000"
    " End to End Duration: 750ms Checkpointed Data Size: 1.91 MB",
    "Latest Failed Checkpoint ID: 3 Failure Time: 2026-01-01 00:00:30.000 Cause: the words ran out",
    "Latest Savepoint ID: 4 Completion Time: 2026-01-01 00:00:40.000",
    "Checkpoint Type: savepoint Savepoint Format: CANONICAL",
    "Latest Restore None",
]
HISTORY = [
    "6 IN_PROGRESS 0/5 (0%) 2026-01-01 00:00:55.000 n/a n/a",
    "5 COMPLETED 5/5 2026-01-01 00:00:49.250 2026-01-01 00:00:50.000 750ms 1.91 MB 1.91 MB",
    "4 COMPLETED [Savepoint] 5/5 2026-01-01 00:00:38.000 2026-01-01 00:00:40.000 2s 0ms 1.91 MB",
    "3 FAILED 0/5 2026-01-01 00:00:26.000 n/a 4s 0ms",
    "2 COMPLETED 5/5 2026-01-01 00:00:19.500 2026-01-01 00:00:20.000 500ms 1.91 MB 1.91 MB",
    "1 COMPLETED 5/5 2026-01-01 00:00:09.750 2026-01-01 00:00:10.000 250ms 1.91 MB 1.91 MB",
]
EXPANDED = [
    "Path: file:///flink/checkpoints/chk-5 Discarded: - Checkpoint Type: aligned checkpoint",
    "lines 1/1 (100%) 2026-01-01 00:00:50.000 750ms 391 KB 391 KB",
    "Minimum 750ms 391 KB 391 KB",
    "0 2026-01-01 00:00:50.000 750ms 391 KB 391 KB",
    "words 2/2 (100%) 2026-01-01 00:00:50.000 750ms 781 KB 781 KB",
    "counts 2/2 (100%) 2026-01-01 00:00:50.000 750ms 781 KB 781 KB",
]
SUMMARY = [
    "Minimum 250ms 1.91 MB 1.91 MB", "Average 875ms 1.91 MB", "Maximum 2s 0ms 1.91 MB",
    "50% percentile 625ms", "99.9% percentile 2s 0ms",
]
CONFIGURATION = [
    "Checkpointing Mode Exactly Once", "Interval 10m 0s 0ms", "Timeout 10m 0s 0ms",
    "Checkpoint Storage FileSystemCheckpointStorage", "State Backend HashMapStateBackend",
    "Unaligned Checkpoints Disabled",
    "Persist Checkpoints Externally Enabled (retain on cancellation)",
]

# Pages that have nothing to do with checkpoints, and what they show once they are there.
OTHER_PAGES = {
    "job/running/%s/exceptions" % JOB: "Root Exception",
    "job/running/%s/timeline" % JOB: "Vertex TimeLine",
    "job/running/%s/dataskew" % JOB: "Data Skew",
    "job/running/%s/configuration" % JOB: "Execution Configuration",
    "job/completed": "Completed Job",
    "task-manager": "Data Port",
    "job-manager/metrics": "Effective Configuration",
    "job-manager/config": "jobmanager.rpc.address",
    "submit": "Uploaded Jars",
}

failures = 0


def check(what, good, shown=""):
    global failures
    failures += not good
    print("%s - %s" % ("ok" if good else "not ok", what))
    if not good:
        print("\n".join("#   " + line for line in str(shown).splitlines()))


def skip_all(why):
    print("# skipped: " + why)
    sys.exit(77)


class Mock:
    """`serve` on a port of its own, its clock at one minute."""

    def __init__(self, version, jar):
        self.process = subprocess.Popen(
            [FRESHCHECK, "serve", "--port", "0", "--flink", version, "--clock", "manual", "--ui",
             jar, os.path.join(HERE, "dashboard.yaml")],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        said = self.process.stderr.readline()
        self.address = re.search(r"http://127\.0\.0\.1:\d+", said).group()
        urllib.request.urlopen(urllib.request.Request(
            self.address + "/freshcheck/clock/advance?to=1min", method="POST")).read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stderr.close()


class Pages:
    """The dashboard of one version; `see` checks what a page shows and takes its picture."""

    def __init__(self, browser, version, address):
        self.browser, self.version, self.address = browser, version, address

    def open(self, route, *texts):
        # By way of an empty page: the dashboard complains of pages that are left too early, on a
        # real cluster too.
        self.browser.go("about:blank")
        self.browser.go("%s/#/%s" % (self.address, route))
        self.browser.wait_for_text(*texts)

    def see(self, name, *texts):
        shown = " ".join(self.browser.text().split())
        for text in texts:
            check("%s: %s shows: %s" % (self.version, name, text), text in shown, shown)
        self.browser.take_picture(os.path.join(
            PICTURES, "%s-%s.png" % (self.version, name.replace(" ", "-"))))

    def visit_overview(self):
        self.open("overview", "Available Task Slots", "wordcount")
        self.see("overview", "Version: " + self.version, "Total Task Slots4", "RUNNING",
                 "wordcount", "2026-01-01 00:00:00.000 1m 0s")

    def visit_job(self):
        self.open("job/running/%s/overview" % JOB, "Bytes Received", "counts")
        self.browser.wait_for("document.querySelectorAll('flink-dagre .node-group').length === 3")
        self.browser.wait_for("document.querySelector('flink-dagre flink-svg-container')"
                              ".style.visibility === 'visible'")
        self.browser.wait_until_still("flink-dagre")
        self.see("job", "Job ID " + JOB, "Job State RUNNING 3", "Job Type STREAMING",
                 "Start Time 2026-01-01 00:00:00.000 Duration 1m 0s 0ms", "Cancel Job")
        # The graph's text is no text to innerText.
        graph = self.browser.evaluate("[...document.querySelectorAll('flink-dagre .node-group')]"
                                      ".map(e => e.textContent)")
        for name, parallelism in ("lines", 1), ("words", 2), ("counts", 2):
            check("%s: the graph has %s, %d times" % (self.version, name, parallelism), any(
                name in node and "Parallelism: %d" % parallelism in node for node in graph), graph)

    def visit_checkpoints(self):
        self.open("job/running/%s/checkpoints" % JOB, "Checkpoint Counts", "Checkpoint Detail")
        self.see("checkpoints", *CHECKPOINTS)
        self.tab("History")
        self.browser.wait_for_text("Trigger Time")
        self.see("history", *HISTORY)
        self.expand_rows()
        self.tab("Summary")
        self.browser.wait_for_text("Percentiles")
        self.see("summary", *SUMMARY)
        self.tab("Configuration")
        self.browser.wait_for_text("Checkpointing Mode")
        self.see("configuration", *CONFIGURATION)

    def tab(self, name):
        self.browser.click("flink-job-checkpoints .ant-tabs-tab-btn", name)

    def expand_rows(self):
        """The row of checkpoint 5, then its second vertex."""
        row = ROWS + "tbody tr:nth-of-type(%d) .ant-table-row-expand-icon"
        self.browser.click(row % self.place_of("5"))
        self.browser.wait_for("(document.querySelector(%r) || {innerText: ''}).innerText.includes("
                              "'Operators')" % DETAIL.strip())
        self.browser.click(DETAIL + "tbody .ant-table-row-expand-icon")
        self.browser.wait_for_text("SubTasks:", "Alignment Duration")
        self.see("history expanded", *EXPANDED)

    def place_of(self, checkpoint):
        rows = self.browser.evaluate(
            "[...document.querySelectorAll(%r)].map(e => e.innerText.trim().split(/\\s/)[0])"
            % (ROWS + "tbody > tr"))
        return rows.index(checkpoint) + 1

    def visit_others(self):
        for route, text in OTHER_PAGES.items():
            self.open(route, text)
            check("%s: %s is there" % (self.version, route.replace(JOB, "JOB")), True)

    def judge_console(self):
        bad = [r for r in self.browser.requests if r[2] != 200]
        check(self.version + ": every request of the dashboard is answered with 200", not bad, bad)
        check(self.version + ": the console stays empty", not self.browser.complaints,
              "\n".join(self.browser.complaints))


def main():
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        skip_all("there is no chromium (scripts/install-dependencies browser)")
    os.makedirs(PICTURES, exist_ok=True)
    os.environ["TZ"] = "UTC"  # what the dashboard shows times in
    for version in sys.argv[1:] or ["1.20.3", "2.3.0"]:
        fetched = subprocess.run([os.path.join(ROOT, "scripts", "fetch-flink"), version],
                                 stdout=subprocess.PIPE, text=True)
        if fetched.returncode:
            skip_all("the jars of Flink %s cannot be had" % version)
        jar = "%s/flink-dist-%s.jar" % (fetched.stdout.strip(), version)
        with Mock(version, jar) as mock, Browser(program) as browser:
            pages = Pages(browser, version, mock.address)
            pages.visit_overview()
            pages.visit_job()
            pages.visit_checkpoints()
            pages.visit_others()
            pages.judge_console()
    sys.exit(failures > 0)


main()
