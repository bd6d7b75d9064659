"""The cases of tests/configurations and the table of what Flink makes of them."""
import codecs
import os
import re

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configurations")
CASES = os.path.join(FOLDER, "cases.txt")
TABLE = os.path.join(FOLDER, "table.tsv")
HEAD = """# What Flink makes of each case: written by tests/flink/verify_configurations.py --write.
# An option that is not named has its default. Releases that are not named do not read the file.
# case\treleases\toption\tvalue, or refused and Flink's sentence\tsource
"""


class Case:
    def __init__(self, name):
        self.name, self.files, self.dynamic = name, {}, []


def unescape(line):
    """Bytes of one line."""
    ended = not line.endswith("\\c")
    text = line if ended else line[:-2]
    raw = re.sub(rb"\\(x[0-9a-f]{2}|[\\tr])", lambda m: codecs.escape_decode(m.group(0))[0],
                 text.encode())
    return raw + (b"\n" if ended else b"")


def read_cases():
    cases = []
    with open(CASES, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("case "):
                cases.append(Case(line[5:]))
            elif line.startswith("  file "):
                name = line[7:]
                cases[-1].files[name] = b""
            elif line.startswith("  |"):
                cases[-1].files[name] += unescape(line[4:])
            elif line.startswith("  -D "):
                cases[-1].dynamic.append(line[5:])
    return cases


def write_files(case, folder):
    os.makedirs(folder)
    for name, content in case.files.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)


def read_table():
    """(case, release, option) -> (value, source)"""
    table = {}
    with open(TABLE, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            case, releases, option, value, source = line.rstrip("\n").split("\t")
            for release in releases.split(","):
                table[case, release, option] = (value, source)
    return table


def read_started():
    """(case, release) -> what was seen when it was started, by the table"""
    started = {}
    for (case, _, _), (_, source) in read_table().items():
        for release, seen in re.findall(r"started (\S+): ([^;]*)", source):
            started[case, release] = seen
    return started


def write_table(cases, values, started):
    """values: (case, release, option) -> value; started: (case, release) -> what was seen."""
    with open(TABLE, "w", encoding="utf-8", newline="\n") as file:
        file.write(HEAD)
        for case in cases:
            rows = {}
            for (name, release, option), value in values.items():
                if name == case.name:
                    rows.setdefault((option, value), []).append(release)
            for (option, value), releases in rows.items():
                seen = ["%s: %s" % (r, started[case.name, r]) for r in releases
                        if (case.name, r) in started]
                source = "; ".join(["Flink's classes"] + ["started " + s for s in seen])
                file.write("\t".join([case.name, ",".join(releases), option, value, source]) + "\n")
