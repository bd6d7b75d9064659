"""What came of a run of the suite: model beside reality, as text and as a section of a page."""
import re

AGREE, DIFFER, UNDECIDED = "agree", "DIFFER", "undecided"
TITLE_OF_SECTION = "## Flink "
SUMMARY = r"(\d+) cells: (\d+) agree, (\d+) differ, (\d+) undecided"
# Two measurements of one timeout on a busy machine; the settings that are told apart are further away
# from each other.
TIMEOUT_TOLERANCE_MS = 150


def verdict_of(result, claim):
    """("pass", "fail" or "unknown", why it is not a pass)"""
    for key in "skipped", "failure":
        if key in result:
            return "unknown", result[key]
    for found in result["properties"]:
        if found["id"] == claim:
            return found["verdict"], found.get("cause", "")
    return "unknown", "it is not claimed there"


class Cell:
    """One claim of one scenario, in reality and in the models of it."""

    def __init__(self, scenario, claim, real, models):
        self.scenario, self.claim = scenario, claim
        self.real, self.why = verdict_of(real, claim)
        self.models = {name: verdict_of(model, claim) for name, model in models.items()}
        decided = {verdict for verdict, _ in self.models.values()} - {"unknown"}
        if self.real == "unknown" or not decided:
            self.says = UNDECIDED
        else:
            self.says = AGREE if decided == {self.real} else DIFFER

    def verdicts(self):
        return [("reality", (self.real, self.why)), *self.models.items()]

    def by_whom(self):
        """Who could not tell, and why; figures differ from run to run."""
        if self.real == "unknown":
            who, why = "reality", self.why
        else:
            who, (_, why) = next(iter(self.models.items()))
        return "%s: %s" % (who, re.sub(r"\d+(\.\d+)?", "N", why).rstrip("."))

    def line(self):
        text = "%-26s %-18s %-8s %-8s %-8s %s" % (
            self.scenario, self.claim, *[verdict for _, (verdict, _) in self.verdicts()], self.says)
        if self.says == DIFFER:
            text += "".join("\n    %s: %s" % (who, why) for who, (verdict, why) in self.verdicts()
                            if verdict == "fail")
        return text + (", " + self.by_whom() if self.says == UNDECIDED else "")


class Row:
    def __init__(self, scenario, cells, failure):
        self.scenario, self.cells, self.failure = scenario, cells, failure

    def in_docs(self):
        def listed(says, text):
            return "; ".join(text(cell) for cell in self.cells if cell.says == says)
        return "| %s | %s | %s |" % (
            self.scenario,
            listed(AGREE, lambda cell: "`%s` %s" % (cell.claim, cell.real)) +
            listed(DIFFER, lambda cell: " **`%s` differs**" % cell.claim),
            listed(UNDECIDED, lambda cell: "`%s` by %s" % (cell.claim, cell.by_whom())))


def compare(scenario, real, models):
    name = scenario["name"]
    return Row(name, [Cell(name, claim, real, models) for claim in scenario["claims"]],
               real.get("failure"))


class Agreement:
    """`timeouts`: of (options, ms in reality, ms of the model); `talk`: see converse()."""

    def __init__(self, version, rows, timeouts, talk):
        self.version, self.rows, self.timeouts, self.talk = version, rows, timeouts, talk

    def cells(self, says=None):
        return [cell for row in self.rows for cell in row.cells if says in (None, cell.says)]

    def differing_timeouts(self):
        return [t for t in self.timeouts if abs(t[1] - t[2]) > TIMEOUT_TOLERANCE_MS]

    def agrees(self):
        """Something was compared, all of it could be run, and nothing differs."""
        return bool(self.cells(AGREE)) and not (
            self.cells(DIFFER) or self.differing_timeouts() or self.talk["differ"]
            or [row for row in self.rows if row.failure])

    def summary(self):
        return "%d cells: %d agree, %d differ, %d undecided" % (
            len(self.cells()), len(self.cells(AGREE)), len(self.cells(DIFFER)),
            len(self.cells(UNDECIDED)))

    def text(self):
        lines = ["Flink %s" % self.version, "%-26s %-18s %-8s %-8s %-8s" % (
            "scenario", "claim", "reality", "HTTP", "virtual")]
        lines += [cell.line() for cell in self.cells()]
        lines += ["%s could not be run: %s" % (row.scenario, row.failure)
                  for row in self.rows if row.failure]
        lines += ["timeout with %s: %.0f ms in reality, %.0f ms in the model%s" % (
            options_text(t[0]), t[1], t[2], ", DIFFER" if t in self.differing_timeouts() else "")
                  for t in self.timeouts]
        lines += [self.talk["text"].strip() if self.talk["differ"] else
                  "conversation: %d answers agree" % self.talk["exchanges"], self.summary()]
        return "\n".join(lines)

    def in_docs(self):
        lines = [TITLE_OF_SECTION + self.version, "", self.summary() + ".", "",
                 "| scenario | both say | undecided |", "|---|---|---|"]
        lines += [row.in_docs() for row in self.rows]
        lines += ["", "| options | timeout in both |", "|---|---|"]
        lines += ["| %s | %s |" % (options_text(t[0]), "**differs**"
                                   if t in self.differing_timeouts() else in_seconds(min(t[1:])))
                  for t in self.timeouts]
        lines += ["", "The conversation: %s." % (
            "**%d answers differ**" % self.talk["differ"] if self.talk["differ"] else
            "every answer agrees, but for the deliberate differences"), ""]
        return "\n".join(lines)

    def adds_nothing_to(self, section):
        """It agrees, and so did the run on record, which decided as much of the same cells."""
        recorded = re.search(SUMMARY, section)
        return bool(recorded) and "**" not in section and self.agrees() and (
            int(recorded[1]) == len(self.cells()) and int(recorded[2]) >= len(self.cells(AGREE)))

    def write_docs(self, path):
        """Replaces the section of this version, or adds it in the order of versions."""
        with open(path) as file:
            head, *sections = re.split("^(?=%s)" % TITLE_OF_SECTION, file.read(), flags=re.MULTILINE)
        sections = {section.split("\n")[0]: section.rstrip() + "\n" for section in sections}
        title = TITLE_OF_SECTION + self.version
        if self.adds_nothing_to(sections.get(title, "")):
            return
        sections[title] = self.in_docs()
        with open(path, "w") as file:
            file.write("\n".join([head.rstrip() + "\n"] + [
                sections[title] for title in sorted(sections, key=version_in)]))


def version_in(title):
    return [int(part) for part in title[len(TITLE_OF_SECTION):].split(".")]


def options_text(options):
    return ", ".join("`%s: %s`" % option for option in options.items()) or "the defaults"


def in_seconds(ms):
    """To a tenth, which is what runs have in common."""
    return "%.1f s" % (round(ms / 100) / 10)
