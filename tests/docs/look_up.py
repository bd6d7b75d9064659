"""What can be said of a page without running its commands: where its links lead, and whether what it
mentions exists. Each check returns its complaints.
"""

import functools
import glob
import os
import re
import subprocess

from pages import read_blocks, root, text_of

OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")
BUILDS_OR_TESTS = re.compile(r"(sudo )?(make|scripts/|tests/|build/\S*/tests/)\b")


def anchor(heading):
    """The anchor that GitHub gives a heading."""
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")


@functools.cache
def anchors_of(path):
    _, prose = read_blocks(text_of(path))
    return {anchor(line.lstrip("#").strip()) for line in prose if line.startswith("#")}


def check_links(page):
    complaints = []
    _, prose = read_blocks(text_of(page))
    for number, line in enumerate(prose, 1):
        for target in re.findall(r"\]\(([^)\s]+)\)", line):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, fragment = target.partition("#")
            path = os.path.normpath(os.path.join(root, os.path.dirname(page), name)) if name \
                else os.path.join(root, page)
            if not os.path.exists(path):
                complaints.append(f"line {number}: there is no {target}")
            elif fragment and fragment not in anchors_of(path):
                complaints.append(f"line {number}: {target} has no such heading")
    return complaints


def check_index(page, others):
    """Each of the other pages is linked."""
    linked = re.findall(r"\]\(([^)#\s]+)", text_of(page))
    return [f"there is no link to {other}" for other in others if other not in (page, *linked)]


class Program:
    """What freshcheck and make say that they have."""

    def __init__(self, freshcheck):
        self.freshcheck = freshcheck
        self.commands = set(re.findall(r"^  ([a-z]+)  ", self.help(), re.M))
        self.goals = set()
        for name in [root + "/Makefile", *glob.glob(root + "/scripts/*.mk")]:
            with open(name, encoding="utf-8") as file:
                for line in re.findall(r"^([a-z][\w -]*):(?!=)", file.read(), re.M):
                    self.goals.update(line.split())

    @functools.cache
    def help(self, *command):
        return subprocess.run([self.freshcheck, *command, "--help"], check=False, capture_output=True,
                              text=True).stdout

    def complain(self, code):
        """What a piece of code mentions that does not exist."""
        found = re.match(r"(?:\S*/)?freshcheck ([a-z]\w*)(.*)", code)
        if found:
            command, rest = found.groups()
            if command not in self.commands:
                return f"freshcheck has no command {command}"
            options = OPTION.findall(self.help(command))
            for option in OPTION.findall(re.split(r"[|;#]", rest)[0]):
                if option not in options and option != "--help":
                    return f"freshcheck {command} has no option {option}"
        found = re.match(r"make ([a-z][\w-]*)(?![\w/.=-])", code)
        if found and found.group(1) not in self.goals:
            return f"make has no goal {found.group(1)}"
        return None


def pieces_of_code(text):
    """Lines of blocks, and what stands between backticks; each with its line."""
    blocks, prose = read_blocks(text)
    for block in blocks:
        for number, line in enumerate(block.lines, block.first_line):
            if block.kind in ("", "console", "sh", "bash"):
                yield number, re.sub(r"^\$ ", "", line)
    for number, line in enumerate(prose, 1):
        for code in re.findall(r"`([^`]+)`", line):
            yield number, code


def check_mentions(page, program):
    complaints = []
    for number, code in pieces_of_code(text_of(page)):
        complaint = program.complain(code)
        if complaint:
            complaints.append(f"line {number}: {complaint}")
        # Names of files of this repository: those with a folder that it has.
        for name in re.findall(r"(?<![\w/.-])((?:docs|tests|harness|base|gateway|reports|scripts|scenarios|"
                               r"rest_endpoint|mock_jobmanager|examples|packaging|include|bench)/[\w./-]*\w)",
                               code):
            # A name in capitals stands for any.
            if not re.search(r"NAME|\bID\b", name) and not any(os.path.exists(os.path.join(root, name + end))
                                              for end in ("", ".c", ".h")):
                complaints.append(f"line {number}: there is no {name}")
    return complaints


COMMAND_LINE = re.compile(
    r"\$ |(freshcheck [a-z]|curl |cc |kubectl |sudo |FLINK_\w+=)|" + BUILDS_OR_TESTS.pattern)


def check_blocks(page, program):
    """Commands stand in blocks that are run, and usages are those of --help."""
    blocks, _ = read_blocks(text_of(page))
    complaints = []
    for block in blocks:
        if block.kind == "usage":
            words = " ".join(block.lines).split()
            usages = program.help(*[word for word in words[1:2] if word.islower()])
            said = usages.partition("usage: ")[2].partition("\n\n")[0]
            if words != said.split():
                complaints.append(f"line {block.first_line}: --help has another usage")
        elif block.kind not in ("console", "sh", "yaml", "json"):
            for number, line in enumerate(block.lines, block.first_line):
                if COMMAND_LINE.match(line):
                    complaints.append(f"line {number}: a command in a block that is not run: {line}")
    return complaints


def check_options(page, program):
    """The section of each command tells of the options of its --help, and its tables of no others. What
    stands before the first section is told of all commands."""
    complaints, sections, for_all = [], {}, ""
    section = None
    for number, line in enumerate(text_of(page).split("\n"), 1):
        heading = re.match(r"## ([^:]*)", line)
        if heading:
            section = [word for word in re.findall(r"\w+", heading.group(1)) if word in program.commands]
        cell = line.split(" | ")[0] if line.startswith("| `-") else ""
        for command in section or []:
            sections[command] = sections.get(command, "") + line + "\n"
            options = OPTION.findall(program.help(command))
            complaints += [f"line {number}: {command} has no {option}" for option in OPTION.findall(cell)
                           if option not in options]
        for_all += line if section is None else ""
    for command in sorted(program.commands):
        told = OPTION.findall(sections.get(command, "") + for_all)
        options = re.findall(r"^  (?:-\w, )?(--[a-z][\w-]*)", program.help(command), re.M)
        complaints += [f"{command} lacks {option}" for option in options if option not in told]
    return complaints


def check_rooms(page):
    """The table has each of the Makefile's rooms, once, and no others."""
    text = text_of("Makefile").replace("\\\n", " ").replace("$(PURE_ROOMS)", "")
    rooms = " ".join(re.findall(r"^(?:PURE_)?ROOMS *:= *(.*)$", text, re.M)).split()
    told = re.findall(r"^\| `([\w/]+)` \|", text_of(page), re.M)
    return [f"{room} is told {told.count(room)} times" for room in rooms if told.count(room) != 1] + \
        [f"there is no room {room}" for room in told if room not in rooms]
