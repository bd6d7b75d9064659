#!/usr/bin/env python3
"""Real Flink beside the built-in model of it, cell by cell.

usage: tests/flink/run_suite.py [--no-docs] VERSION...
For each version: the scenarios that need no control of the origin, on a cluster of that version for
each set of options that they want; the same over HTTP on `freshcheck serve`; the same in virtual time;
the timeouts of the cache, measured from outside; and a conversation, compared answer by answer.

Prints a table, and writes it to docs/flink-agreement.md unless --no-docs is given. Ends with 0 when
model and reality agree in every cell that both decide, 1 when they differ in one or a scenario could
not be run, 69 when a cluster cannot be started.
"""
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import agreement  # noqa: E402
import timeouts  # noqa: E402
from calls import warm_up  # noqa: E402
from cluster import (CannotStart, Cluster, ENDS_WITH_US, ROOT, UNAVAILABLE,  # noqa: E402
                     tidy_up_on_signals)
from conversation import OPTIONS as CONVERSATION_OPTIONS  # noqa: E402
from conversation import hold_conversation  # noqa: E402

SCENARIOS = os.path.join(ROOT, "scenarios", "any-cluster")
MODEL = os.path.join(ROOT, "tests", "flink", "model.yaml")
FRESHCHECK = os.environ.get("FRESHCHECK", os.path.join(ROOT, "build", "gcc", "freshcheck"))
UNITS_MS = {"ms": 1, "s": 1000, "min": 60000}


def freshcheck_json(*arguments):
    """What it prints; its exit code tells of verdicts, which are in there too."""
    ended = subprocess.run([FRESHCHECK, *arguments, "--format", "json"], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True)
    try:
        return json.loads(ended.stdout)
    except ValueError:
        raise CannotStart("freshcheck %s ended with %d:\n%s" % (
            " ".join(arguments), ended.returncode, ended.stderr))


def implementation_of(version):
    """A patch version that is a model of its own goes before its minor version."""
    listed = subprocess.run([FRESHCHECK, "list", "implementations"], stdout=subprocess.PIPE,
                            text=True, check=True).stdout
    names = [line.split()[0] for line in listed.splitlines()]
    for name in "flink-" + version, "flink-" + version.rsplit(".", 1)[0]:
        if name in names:
            return name
    raise CannotStart("there is no model of Flink " + version)


def options_for(version, scenario):
    """As the version writes them: up to 1.19 options of the dashboard are plain milliseconds."""
    options = {line["key"]: line["value"] for line in scenario["flink"]}
    if tuple(int(part) for part in version.split(".")[:2]) < (1, 20):
        for key in "web.refresh-interval", "jobmanager.web.refresh-interval", "web.timeout":
            written = re.fullmatch(r"(\d+)\s*(ms|s|min)", options.get(key, ""))
            if written:
                options[key] = str(int(written[1]) * UNITS_MS[written[2]])
    return options


def grouped(version, scenarios):
    """Scenarios that want the same options share a cluster: [(options, files)]."""
    groups = {}
    for scenario in scenarios:
        options = options_for(version, scenario)
        groups.setdefault(tuple(sorted(options.items())), []).append(scenario["file"])
    return [(dict(options), files) for options, files in groups.items()]


@contextlib.contextmanager
def served(version, options):
    """The model behind a socket; yields its address."""
    arguments = ["-D%s=%s" % option for option in options.items()]
    server = subprocess.Popen(
        ENDS_WITH_US + [FRESHCHECK, "serve", "--port", "0", "--flink", version, *arguments, MODEL],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        said = server.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        if not address:
            raise CannotStart("serve: " + said)
        yield address.group()
    finally:
        server.kill()
        server.wait()
        server.stderr.close()


@contextlib.contextmanager
def asked(address, jar, keep, files):
    """Begins to run scenarios on a target; yields what waits for the results, by their names."""
    asking = subprocess.Popen(
        ENDS_WITH_US + [FRESHCHECK, "run", "--target", address, "--jar", jar, "--keep", keep,
                        "--format", "json", *files],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def results():
        said, _ = asking.communicate()
        try:
            return {result["subject"]: result for result in json.loads(said)["results"]}
        except ValueError:
            raise CannotStart("run --target %s ended with %d" % (address, asking.returncode))

    try:
        yield results
    finally:
        asking.kill()
        asking.wait()


def kept(version, whose):
    """Where recordings stay until the next run."""
    folder = os.path.join(ROOT, "build", "flink", "recordings", version, whose)
    os.makedirs(folder, exist_ok=True)
    return folder


def run_scenarios(version, jar):
    """Returns the rows of the table. The model needs next to no processor time, so it is asked beside
    the cluster."""
    scenarios = freshcheck_json("list", "scenarios", SCENARIOS)
    groups = grouped(version, scenarios)
    real, over_http = {}, {}
    for count, (options, files) in enumerate(groups, 1):
        print("Flink %s: %d of %d sets of options, %d scenarios" % (
            version, count, len(groups), len(files)), file=sys.stderr)
        with Cluster(version, options) as cluster, served(version, options) as model:
            warm_up(cluster.address, jar)
            with asked(cluster.address, jar, kept(version, "reality"), files) as of_cluster, \
                    asked(model, jar, kept(version, "model"), files) as of_model:
                real.update(of_cluster())
                over_http.update(of_model())
    answer = freshcheck_json("run", "--implementation", implementation_of(version),
                             *[scenario["file"] for scenario in scenarios])
    virtual = {result["subject"]: result for result in answer["results"]}
    return [agreement.compare(scenario, real[scenario["name"]], {
        "the model over HTTP": over_http[scenario["name"]],
        "the model in virtual time": virtual[scenario["name"]]}) for scenario in scenarios]


def converse(version, jar):
    """Returns what conform counted, and the differences as text."""
    with tempfile.TemporaryDirectory(prefix="freshcheck-talk-") as folder:
        with Cluster(version, CONVERSATION_OPTIONS) as cluster:
            lines = hold_conversation(cluster.address, jar, os.path.join(folder, "control"))
        transcript = os.path.join(folder, "conversation-%s.jsonl" % version)
        with open(transcript, "w") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
        ended = subprocess.run([FRESHCHECK, "conform", "--flink", version, transcript],
                               stdout=subprocess.PIPE, text=True)
    counted = re.search(r"(\d+) exchanges: .*?(\d+) differ$", ended.stdout, re.MULTILINE)
    if not counted:
        raise CannotStart("conform ended with %d: %s" % (ended.returncode, ended.stdout))
    return {"exchanges": int(counted[1]), "differ": int(counted[2]), "text": ended.stdout}


def measure_timeouts(version, jar):
    """[(options, effective timeout of Flink, that of the model)], in ms."""
    measured = []
    for options in timeouts.OPTION_SETS:
        with Cluster(version, options, task_manager=False) as cluster, \
                served(version, options) as model:
            measured.append((options, timeouts.measured_ms(cluster.address, jar),
                             timeouts.measured_ms(model, jar)))
    return measured


def run_version(version, jar):
    return agreement.Agreement(version, run_scenarios(version, jar), measure_timeouts(version, jar),
                               converse(version, jar))


def main(arguments):
    writes_docs = "--no-docs" not in arguments
    versions = [a for a in arguments if a != "--no-docs"]
    if not versions or not all(re.fullmatch(r"\d+\.\d+\.\d+", v) for v in versions):
        sys.stderr.write(__doc__)
        return 64
    tidy_up_on_signals()
    agrees = True
    try:
        for version in versions:
            built = subprocess.run([os.path.join(ROOT, "scripts", "build-flink-job"), version],
                                   stdout=subprocess.PIPE, text=True)
            if built.returncode:
                return built.returncode
            result = run_version(version, built.stdout.strip())
            print(result.text(), flush=True)
            agrees &= result.agrees()
            if writes_docs:
                result.write_docs(os.path.join(ROOT, "docs", "flink-agreement.md"))
    except CannotStart as why:
        print("run_suite: %s" % why, file=sys.stderr)
        return UNAVAILABLE
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
