#!/usr/bin/env python3
"""Writes the part of docs/properties.md that has a section for each property.

usage: properties.py [FRESHCHECK]

What it says is what the program says: `freshcheck explain`, as Markdown; the mutants that `freshcheck
mutants` kills by it, those first that break little else; and cases of the museum that have it.
"""

import json
import subprocess
import sys
import textwrap

WIDTH = 130  # of the pages
MUTANTS_MAX, CASES_MAX = 3, 3
freshcheck = sys.argv[1] if len(sys.argv) > 1 else "freshcheck"


def ask(*arguments):
    return subprocess.run([freshcheck, *arguments], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True).stdout


def paragraphs(text):
    """Prose is wrapped; what is indented is a picture."""
    lines = []
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("  "):
            lines += ["```text", *[line.rstrip() for line in paragraph.split("\n")], "```", ""]
        else:
            lines += textwrap.wrap(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False) + [""]
    return lines


def and_more(names, count_max):
    """The first of the names, and how many others there are."""
    shown = [f"`{name}`" for name in names[:count_max]]
    rest = len(names) - len(shown)
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def shown_by(property_id, mutants, museum):
    """Who shows it, as prose."""
    killed = [mutant for mutant in mutants if property_id in mutant["by"]]
    killed.sort(key=lambda mutant: (len(mutant["by"]), mutant["events"], mutant["name"]))
    cases = [case["name"] for case in museum
             if any(broken["id"] == property_id for by in case["shown_by"] for broken in by["properties"])]
    parts = [f"mutants {and_more([mutant['name'] for mutant in killed], MUTANTS_MAX)}"]
    if cases:
        parts.append(f"in the museum {and_more(cases, CASES_MAX)}")
    return f"Shown by: {'; '.join(parts)}."


def main():
    mutants = json.loads(ask("mutants", "--format", "json"))["mutants"]
    museum = json.loads(ask("list", "--museum", "--format", "json"))
    for property_id in [line.split()[0] for line in ask("list", "properties").splitlines()]:
        _, says, *rest = ask("explain", property_id).strip("\n").split("\n\n")
        lines = ["", f"### {property_id}", "", f"*{says}*", ""]
        for text in rest:
            if text != says:
                lines += paragraphs(text)
        print("\n".join(lines + textwrap.wrap(shown_by(property_id, mutants, museum), WIDTH,
                                              break_on_hyphens=False)))


if __name__ == "__main__":
    main()
