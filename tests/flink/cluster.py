#!/usr/bin/env python3
"""A real Flink cluster on this machine: one JobManager and one TaskManager, on loopback.

usage: tests/flink/cluster.py VERSION [--job-manager-alone] [KEY=VALUE...]
Prints its address once it answers, and runs until Ctrl-C or SIGTERM. KEY=VALUE are options of Flink's
configuration. Ends with 69 when the cluster cannot be started.

Nothing is left behind: both processes are ended by their own pids (and by the kernel, should this one
be killed), and everything that they write is in one temporary folder, which is removed.
"""
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UNAVAILABLE = 69
PATIENCE_S = 120
ENDS_WITH_US = ["setpriv", "--pdeathsig", "KILL", "--"]
SLOTS_OPTION = "taskmanager.numberOfTaskSlots"
SLOTS = 32  # so that no scenario waits for another one's jobs to go

# What Flink reaches into, and JDK 17 keeps closed.
OPENED = ["java.lang", "java.net", "java.io", "java.nio", "sun.nio.ch", "java.lang.reflect",
          "java.text", "java.time", "java.util", "java.util.concurrent",
          "java.util.concurrent.atomic", "java.util.concurrent.locks"]
# A cluster lives for a minute: what starts fast counts, not what runs fast in the end.
JAVA = ["java", "-Xss512k", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData",
        "-Xshare:auto", "-XX:MaxMetaspaceSize=192m"] + [
            "--add-opens=java.base/%s=ALL-UNNAMED" % package for package in OPENED] + [
                "--add-exports=java.base/sun.net.util=ALL-UNNAMED"]  # called by 1.17
JOB_MANAGER = ["-Xmx256m", "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"]
TASK_MANAGER = ["-Xmx256m", "-XX:MaxDirectMemorySize=128m",
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"]
LOGGING = """rootLogger.level = INFO
rootLogger.appenderRef.out.ref = Out
appender.out.name = Out
appender.out.type = CONSOLE
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c{1} - %m%n
"""


class CannotStart(Exception):
    """Says why in one sentence."""


def free_ports(count):
    """Below those that the kernel hands out, so that nobody gets one of them by asking for any."""
    sockets, ports = [], []
    while len(ports) < count:
        port = random.randrange(20000, 30000)
        opened = socket.socket()
        sockets.append(opened)
        try:
            opened.bind(("127.0.0.1", port))
            ports.append(port)
        except OSError:
            pass
    for opened in sockets:
        opened.close()
    return ports


def get(address, path):
    with urllib.request.urlopen(address + path, timeout=10) as answer:
        return json.load(answer)


class Cluster:
    """with Cluster("1.20.3", {"web.refresh-interval": "1000"}) as cluster: ... cluster.address"""

    def __init__(self, version, options=None, task_manager=True):
        self.version, self.task_manager = version, task_manager
        self.options = {SLOTS_OPTION: SLOTS, **(options or {})}
        self.processes = {}
        self.folder = self.address = None

    def __enter__(self):
        fetched = subprocess.run([os.path.join(ROOT, "scripts", "fetch-flink"), self.version],
                                 stdout=subprocess.PIPE, text=True)
        if fetched.returncode:
            raise CannotStart("the jars of Flink %s cannot be had" % self.version)
        if not shutil.which("java"):
            raise CannotStart("there is no java (scripts/install-dependencies flink)")
        self.folder = tempfile.mkdtemp(prefix="freshcheck-flink-")
        try:
            self.start(fetched.stdout.strip())
            self.wait_until_there()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self, jars):
        rest_port, rpc_port = free_ports(2)
        self.address = "http://127.0.0.1:%d" % rest_port
        self.write_configuration(rest_port, rpc_port)
        # Of all the jars only these are of use here; each costs time to open.
        classes = ":".join(os.path.join(jars, name) for name in sorted(os.listdir(jars))
                           if name.startswith(("flink-dist-", "log4j-")))
        self.run("jobmanager", classes, JOB_MANAGER)
        if self.task_manager:
            self.run("taskmanager", classes, TASK_MANAGER)

    def run(self, name, classes, program):
        # A session of its own: Ctrl-C on the terminal is for this process, which then ends it.
        with open(os.path.join(self.folder, name + ".log"), "wb") as log:
            self.processes[name] = subprocess.Popen(
                ENDS_WITH_US + JAVA +
                ["-Djava.io.tmpdir=" + self.folder,
                 "-Dlog4j.configurationFile=" + os.path.join(self.folder, "log4j.properties"),
                 "-cp", classes] + program + ["--configDir", self.folder],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                start_new_session=True)

    def write_configuration(self, rest_port, rpc_port):
        options = self.fixed_options(rest_port, rpc_port)
        options.update(self.options)
        # The old file takes values as they stand, the new one is YAML. Flink 2.0 dropped the old.
        if int(self.version.split(".")[0]) >= 2:
            name, quote = "config.yaml", json.dumps
        else:
            name, quote = "flink-conf.yaml", str
        with open(os.path.join(self.folder, name), "w") as file:
            file.writelines("%s: %s\n" % (key, quote(str(value)))
                            for key, value in options.items())
        with open(os.path.join(self.folder, "log4j.properties"), "w") as file:
            file.write(LOGGING)

    def fixed_options(self, rest_port, rpc_port):
        host = "127.0.0.1"
        url = "file://" + self.folder
        options = {
            "jobmanager.rpc.address": host, "jobmanager.bind-host": host,
            "jobmanager.rpc.port": rpc_port, "taskmanager.host": host, "taskmanager.bind-host": host,
            "rest.address": host, "rest.bind-address": host, "rest.port": rest_port,
            "rest.bind-port": rest_port, "blob.server.port": 0,
            "taskmanager.cpu.cores": 2,
            "io.tmp.dirs": self.folder, "web.tmpdir": self.folder, "web.upload.dir": self.folder,
            "state.checkpoints.dir": url + "/checkpoints",
            "state.savepoints.dir": url + "/savepoints",
            "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
            # A TaskManager that is up before the JobManager would wait for 10 s.
            "cluster.registration.error-delay": 200,
        }
        # Without Flink's start scripts a TaskManager wants every figure.
        memory = {"task.heap": 128, "task.off-heap": 0, "framework.heap": 64,
                  "framework.off-heap": 64, "managed": 32, "jvm-metaspace": 192}
        options.update(("taskmanager.memory.%s.size" % part, "%dm" % size)
                       for part, size in memory.items())
        for part in "network", "jvm-overhead":
            for end in "min", "max":
                options["taskmanager.memory.%s.%s" % (part, end)] = "64m"
        return options

    def wait_until_there(self):
        end = time.monotonic() + PATIENCE_S
        while not self.is_there():
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise CannotStart("the %s of Flink %s ended with %s:\n%s" % (
                        name, self.version, process.returncode, self.last_lines(name)))
            if time.monotonic() > end:
                raise CannotStart("Flink %s does not answer after %d s:\n%s" % (
                    self.version, PATIENCE_S, self.last_lines("jobmanager")))
            time.sleep(0.1)

    def is_there(self):
        """By the folder of its configuration: another cluster may hold the port."""
        try:
            overview = get(self.address, "/overview")
            if self.task_manager and overview["slots-total"] < int(self.options[SLOTS_OPTION]):
                return False
            options = {line["key"]: line["value"] for line in get(self.address, "/jobmanager/config")}
        except (OSError, ValueError):
            return False
        if overview["flink-version"] != self.version or options["io.tmp.dirs"] != self.folder:
            raise CannotStart("another cluster answers on %s" % self.address)
        return True

    def last_lines(self, name):
        """Of its log, without the frames of stack traces."""
        with open(os.path.join(self.folder, name + ".log"), errors="replace") as log:
            return "".join([line for line in log if not line.startswith("\t")][-8:])

    def stop(self):
        """At once: whatever they would tidy up is in the folder."""
        while self.processes:
            _, process = self.processes.popitem()
            process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def end_by_exception(number, _):
    """SIGTERM unwinds like Ctrl-C does, and a second signal does not stop the tidying up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(128 + number)


def tidy_up_on_signals():
    signal.signal(signal.SIGINT, end_by_exception)
    signal.signal(signal.SIGTERM, end_by_exception)


def main(arguments):
    options = dict(a.split("=", 1) for a in arguments[1:] if "=" in a)
    if not arguments or not arguments[0][0].isdigit() or set(
            a for a in arguments[1:] if "=" not in a) - {"--job-manager-alone"}:
        sys.stderr.write(__doc__)
        return 64
    tidy_up_on_signals()
    try:
        with Cluster(arguments[0], options, "--job-manager-alone" not in arguments) as cluster:
            print(cluster.address, flush=True)
            signal.pause()
    except CannotStart as why:
        print("cluster: %s" % why, file=sys.stderr)
        return UNAVAILABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
