#!/usr/bin/env python3
"""What real Flink makes of tests/configurations/cases.txt, compared with its table.

usage: tests/flink/verify_configurations.py [--write] [--classes] [RELEASE...]
Asks the classes of each release (default: 1.17.2 to 2.3.0) for every case, and starts JobManagers
of 1.17.2, 1.20.3 and 2.3.0 on some: whether each starts or with which sentence it refuses, what
GET /config says, and how long an answer of GET /jobs/:jobid/checkpoints stays the old one. Prints
a line for each of those; ends with 1 when anything is not as in the table.
--write writes the table instead, --classes starts nothing (and keeps what was seen before). Fetches Flink's jars (some 300 MB a
release) where they are not there; ends with 69 when they cannot be had.
"""
import concurrent.futures
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "configurations"))
import start  # noqa: E402
import table  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RELEASES = ["1.17.2", "1.18.1", "1.19.3", "1.20.3", "2.0.1", "2.1.1", "2.2.1", "2.3.0"]
AT_ONCE = 2


def fetch(release):
    fetched = subprocess.run([os.path.join(ROOT, "scripts", "fetch-flink"), release],
                             stdout=subprocess.PIPE, text=True)
    if fetched.returncode:
        sys.exit(69)
    return fetched.stdout.strip()


def compile_reader(folder):
    source = os.path.join(ROOT, "tests", "flink", "configurations", "ReadConfigurations.java")
    jar = os.path.join(fetch(RELEASES[0]), "flink-dist-%s.jar" % RELEASES[0])
    subprocess.run(["javac", "--release", "11", "-cp", jar, "-d", folder, source], check=True)


def ask_classes(release, reader, folder, cases):
    """(case, option) -> value"""
    jar = os.path.join(fetch(release), "flink-dist-%s.jar" % release)
    lines = ["\t".join([os.path.join(folder, c.name)] + c.dynamic) for c in cases]
    asked = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-cp", reader + ":" + jar, "ReadConfigurations"],
        input="\n".join(lines) + "\n", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        encoding="utf-8", check=True)
    values, name = {}, None
    for line in asked.stdout.split("\n"):
        if line.startswith("configuration "):
            name = os.path.basename(line[14:])
        elif line:
            option, value = line.split("\t")
            values[name, option] = value.replace(folder, "conf")
    return values


def ask_all(releases, cases):
    """(case, release, option) -> value, of options that have not their default"""
    values = {}
    with tempfile.TemporaryDirectory(prefix="freshcheck-configurations-") as folder:
        for case in cases:
            table.write_files(case, os.path.join(folder, "cases", case.name))
        compile_reader(folder)
        for release in releases:
            asked = ask_classes(release, folder, os.path.join(folder, "cases"), cases)
            nothing = "empty-yaml" if release >= "2" else "nothing"
            for (name, option), value in asked.items():
                if "does not exist." in value:
                    continue  # another release's file
                if value != asked.get((nothing, option)) or name == nothing:
                    values[name, release, option] = value
                values.setdefault((name, release, "-"), "starts")
    for name, release, option in list(values):
        if option == "-" and any(k[:2] == (name, release) and k[2] != "-" for k in list(values)):
            del values[name, release, option]
    return values


def start_some(cases, values):
    """(case, release) -> what was seen, for those of start.CHOSEN. False among them: not as said."""
    by_name = {case.name: case for case in cases}
    jobs = [(by_name[name], release) for release, names in start.CHOSEN.items() for name in names]
    started, wrong = {}, 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        running = {pool.submit(start.see, fetch(r), r, c, expected_of(values, c.name, r)): (c, r)
                   for c, r in jobs}
        for done in concurrent.futures.as_completed(running):
            case, release = running[done]
            fine, seen = done.result()
            print("%s %s on %s: %s" % ("ok    " if fine else "NOT SO", case.name, release, seen),
                  flush=True)
            started[case.name, release] = seen
            wrong += not fine
    return started, wrong


def expected_of(values, name, release):
    """option -> value, with the defaults."""
    nothing = "empty-yaml" if release >= "2" else "nothing"
    all_of = {o: v for (n, r, o), v in values.items() if (n, r) == (nothing, release)}
    all_of.update({o: v for (n, r, o), v in values.items() if (n, r) == (name, release)})
    return all_of


def main(arguments):
    flags = {a for a in arguments if a.startswith("-")}
    releases = [a for a in arguments if not a.startswith("-")] or RELEASES
    if flags - {"--write", "--classes"} or set(releases) - set(RELEASES):
        sys.stderr.write(__doc__)
        return 64
    cases = table.read_cases()
    values = ask_all(releases, cases)
    started, wrong = table.read_started() if "--write" in flags else {}, 0
    if "--classes" not in flags:
        started, wrong = start_some(cases, values)
    if "--write" in flags:
        table.write_table(cases, values, started)
        return wrong > 0
    known = {key: value for key, (value, _) in table.read_table().items() if key[1] in releases}
    for key in sorted(known.keys() | values.keys()):
        if known.get(key) != values.get(key):
            wrong += 1
            print("%s: the table says %s, Flink says %s" % (
                " ".join(key), known.get(key), values.get(key)))
    print("%d values of %d cases as in the table, %d JobManagers started" % (
        len(values), len(cases), len(started)))
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
