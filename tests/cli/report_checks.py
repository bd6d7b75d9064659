#!/usr/bin/env python3
"""Reads reports as those do for whom they are written, and compares them with the JSON report.

usage: report_checks.py (tap|strict-tap|sarif|github|markdown REPORT JSON-REPORT)...

Prints a line for each disagreement, and ends with 1 when there is any.
"""

import functools
import html
import json
import re
import sys

import yaml


def broken(result):
    return [one for one in result["properties"] if one["verdict"] == "fail"]


def name_of(result):
    return " on ".join([result["subject"], result["implementation"]])


def tap(text, report, strict=False):
    """Each YAML block is YAML, and says what the JSON report says of the test point before it."""
    results = iter(report["results"])
    point, block = None, None
    for line in text.splitlines():
        if re.match("(not )?ok ", line):
            point = next(results)
            escaped = re.sub(r"([\\#])", r"\\\1", f"{name_of(point)}: {point['claim']}")
            if f" - {escaped}" not in line:
                yield f"{line!r} is not {name_of(point)}"
            if ("# TODO" in line) != bool(broken(point) and not strict):
                yield f"a TODO is what breaks, if it may: {line!r}"
        elif line == "  ---":
            block = []
        elif line == "  ...":
            told = yaml.safe_load("\n".join(block))
            ids = [one["property"] for one in told.get("broken", [])]
            if ids != [one["id"] for one in broken(point)]:
                yield f"{name_of(point)} breaks {ids}?"
            if not told["again"].endswith(point["again"]):
                yield f"{told['again']!r} is not {point['again']!r}"
            block = None
        elif block is not None:
            block.append(line)
    if next(results, None):
        yield "not all results have a test point"


def sarif(text, report):
    """A result for each broken claim, at the property's name in the scenario, or at the exchange
    that the witness ends with in the recording."""
    run = json.loads(text)["runs"][0]
    claims = sorted(one["id"] for result in report["results"] for one in broken(result))
    if claims != sorted(one["ruleId"] for one in run["results"]):
        yield "its results are not the broken claims"
    prints = {one["partialFingerprints"]["freshcheckClaim/v1"] for one in run["results"]}
    if len(prints) != len(run["results"]):
        yield "fingerprints are not unique"
    for one in run["results"]:
        if run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] != one["ruleId"]:
            yield f"ruleIndex {one['ruleIndex']} is not {one['ruleId']}"
        place = one["locations"][0]["physicalLocation"]
        name, region = place["artifactLocation"]["uri"], place["region"]
        with open(name, encoding="utf-8") as file:
            line = file.read().splitlines()[region["startLine"] - 1]
        if name.endswith(".jsonl"):
            events = one["codeFlows"][0]["threadFlows"][0]["locations"]
            text = events[-1]["location"]["message"]["text"]
            is_there = text.endswith(f"(seq {json.loads(line)['seq']})")
        else:
            is_there = line[region["startColumn"] - 1:].startswith(one["ruleId"])
        if not is_there:
            yield f"{place} is not the place of {one['ruleId']}"


def unescape(text, is_property):
    """As the runner does: actions/runner, ActionCommand.cs."""
    escapes = [("%0D", "\r"), ("%0A", "\n")] + [("%3A", ":"), ("%2C", ",")] * is_property
    for escape, character in escapes + [("%25", "%")]:
        text = text.replace(escape, character)
    return text


def commands(text):
    for line in text.splitlines():
        if not line.lstrip().startswith("::") or "::" not in line.lstrip()[2:]:
            yield None, {}, line
            continue
        head, data = line.lstrip()[2:].split("::", 1)
        name, _, properties = head.partition(" ")
        pairs = [one.split("=", 1) for one in properties.split(",") if "=" in one]
        yield name, {key: unescape(value, True) for key, value in pairs}, unescape(data, False)


def github(text, report):
    """An error for each broken claim, in order, up to ten, and nothing else but one notice."""
    wanted = [(name_of(result), one) for result in report["results"] for one in broken(result)]
    got = list(commands(text))
    kinds = ["error"] * min(len(wanted), 10) + ["notice"] * (len(wanted) > 10)
    if [name for name, _, _ in got] != kinds:
        return [f"commands are {[name for name, _, _ in got]}"]
    faults = []
    for (name, claim), (_, properties, data) in zip(wanted[:10], got):
        plain = "".join(c if c.isprintable() and c != "\ufffd" else "?" for c in name)
        if properties["title"] != f"{plain} breaks {claim['id']}":
            faults.append(f"{properties['title']!r} is not {plain!r}")
        if int(properties["line"]) != claim["line"] or claim["cause"] not in data:
            faults.append(f"{properties} {data!r} is not {claim}")
    return faults


def markdown(text, report):
    """No markup but its own: what headings and <pre> hold is escaped."""
    for line in text.splitlines():
        rest = re.sub(r"^(#+ |\| |- |\*\*[a-z-]+\*\*: )|</?(pre|details|summary)>", "", line)
        if re.search(r"[<>]", rest) or line.startswith("###") and re.search(r"[*_\[\]`]", line):
            yield f"markup: {line!r}"
    headings = [html.unescape(one) for one in re.findall("^### (.*)$", text, re.M)]
    failed = [name_of(one) for one in report["results"] if broken(one)]
    if len(headings) != len(failed):
        yield f"{len(headings)} headings of {len(failed)} failures"


CHECKS = {"tap": tap, "strict-tap": functools.partial(tap, strict=True), "sarif": sarif,
          "github": github, "markdown": markdown}


def faults_of(kind, report_name, json_name):
    with open(json_name, encoding="utf-8") as file:
        report = json.load(file)
    with open(report_name, encoding="utf-8") as file:
        text = file.read()
    return [f"{report_name}: {fault}" for fault in CHECKS[kind](text, report)]


def main(arguments):
    triples = zip(arguments[0::3], arguments[1::3], arguments[2::3])
    faults = [fault for triple in triples for fault in faults_of(*triple)]
    print("\n".join(faults), end="\n" if faults else "")
    return len(faults) > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
