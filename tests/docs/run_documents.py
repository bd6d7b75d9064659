#!/usr/bin/env python3
"""Runs the commands that the documents show, and compares what they print with what is shown.

usage: run_documents.py [--update] FRESHCHECK [PAGE...]

Blocks of a page are run in order, in one shell, in a scratch folder that has the repository's folders
`scenarios`, `tests`, `examples` and `include`, with freshcheck on the path. What a fenced block is:

  ```console                            lines that begin with "$ " are commands, "> " goes on with the
                                        command before, all others are what it prints, stdout and
                                        stderr together
  ...                                   in there, a line that stands for any lines left out, also none
  $ freshcheck serve ... &              in there, goes on beside what follows, until the page is through
  ```sh                                 each line is a command, that has to end with 0; lines that build
                                        or test (make, scripts/..., tests/...) are only looked up
  ```console not-run="the reason"       cannot be run here; is counted and printed. Also of ```sh
  ```usage                              is what `freshcheck COMMAND --help` prints after "usage: "
  ```yaml file=name.yaml                is written to that file in the scratch folder, whatever its kind
  <!-- written by: COMMAND -->          up to <!-- end --> is what the command prints, as Markdown

In other blocks no line may be a command. Made alike before they are compared: the ports 8081 to 8083
(each stands for a free one), blanks at the end of a line, and the scratch folder's own name. Nothing
else. Of all pages links and their anchors have to lead somewhere, and every option, goal of make and
command of freshcheck that is mentioned in code has to exist.

--update writes what was printed into blocks that leave nothing out. Prints TAP.
"""

import concurrent.futures
import difflib
import functools
import glob
import os
import random
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

SECONDS_MAX = 60
PAGES_AT_A_TIME = 4  # most of the tutorial is waiting
BUILDS_OR_TESTS = re.compile(r"(sudo )?(make|scripts/|tests/|build/\S*/tests/)\b")
WRITTEN_BY = re.compile(r"<!-- written by: (.*) -->")
MARK = "\x01end-of-command"
root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Failed(Exception):
    pass


class Block:
    """A fenced block: its info string, its lines, and where it stands in its page."""

    def __init__(self, info, first_line):
        self.info, self.first_line, self.lines = info, first_line, []
        self.kind = info.split()[0] if info.split() else ""
        options = dict(word.split("=", 1) for word in shlex.split(info)[1:] if "=" in word)
        self.file, self.not_run = options.get("file"), options.get("not-run")

    def commands(self):
        """Pairs of a command and the lines that are to follow it."""
        pairs = []
        for number, line in enumerate(self.lines):
            if line.startswith("$ "):
                pairs.append(([line[2:]], [], self.first_line + number))
            elif line.startswith("> ") and pairs and not pairs[-1][1]:
                pairs[-1][0].append(line[2:])
            elif pairs:
                pairs[-1][1].append(line)
            else:
                raise Failed(f"line {self.first_line + number}: a console block begins with a command")
        return [("\n".join(command), wanted, line) for command, wanted, line in pairs]


def read_blocks(text):
    """All fenced blocks of a page, and its prose with the blocks blanked out, line for line."""
    blocks, prose, block = [], [], None
    for number, line in enumerate(text.split("\n"), 1):
        if block is None and line.startswith("```"):
            block = Block(line[3:], number + 1)
            prose.append("")
        elif block is not None and line == "```":
            blocks.append(block)
            block = None
            prose.append("")
        elif block is not None:
            block.lines.append(line)
            prose.append("")
        else:
            prose.append(line)
    if block is not None:
        raise Failed(f"the block of line {block.first_line - 1} does not end")
    return blocks, prose


def matches(wanted, got):
    """Whether the lines are those wanted, where a line of dots stands for any lines."""
    if "..." not in wanted:
        return wanted == got
    parts, part = [], []
    for line in wanted:
        if line == "...":
            parts.append(part)
            part = []
        else:
            part.append(line)
    head, middle, tail = parts[0], parts[1:], part
    if len(head) + len(tail) > len(got) or got[: len(head)] != head:
        return False
    end = len(got) - len(tail)
    if got[end:] != tail:
        return False
    at = len(head)
    for piece in middle:
        while at + len(piece) <= end and got[at : at + len(piece)] != piece:
            at += 1
        if at + len(piece) > end:
            return False
        at += len(piece)
    return True


def ports_in_a_row(count):
    """Free ports that follow each other, for the clusters of one server do. Not those that the kernel
    gives to clients, which others may be given before they are used."""
    for _ in range(100):
        first = random.SystemRandom().randrange(20000, 32000)
        try:
            for port in range(first, first + count):
                with socket.socket() as one:
                    one.bind(("127.0.0.1", port))
            return list(range(first, first + count))
        except OSError:
            continue
    raise Failed("no ports are free")


class Shell:
    """One shell for the commands of a page, in a scratch folder of its own."""

    def __init__(self, freshcheck):
        self.folder = tempfile.mkdtemp(prefix="documents.")
        self.beside = []
        os.mkdir(self.folder + "/.bin")
        os.symlink(freshcheck, self.folder + "/.bin/freshcheck")
        for name in ("scenarios", "tests", "examples", "include"):
            os.symlink(os.path.join(root, name), os.path.join(self.folder, name))
        self.ports = dict(zip(("8081", "8082", "8083"), map(str, ports_in_a_row(3))))
        self.environment = {
            "PATH": f"{self.folder}/.bin:{os.environ['PATH']}", "HOME": self.folder, "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
        }
        self.process = subprocess.Popen(
            ["bash", "--norc"], cwd=self.folder, env=self.environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)

    def there(self, text):
        for shown, real in self.ports.items():
            text = re.sub(rf"\b{shown}\b", real, text)
        return text

    def back(self, text):
        for shown, real in self.ports.items():
            text = re.sub(rf"\b{real}\b", shown, text)
        return text.replace(self.folder, ".")

    def lines_of(self, raw):
        text = self.back(raw.decode("utf-8", "replace"))
        return [line.rstrip() for line in text.rstrip("\n").split("\n")] if text.strip() else []

    def run(self, command, wanted_count):
        """What the command prints. It gets the $? of the one before, and leaves its own."""
        if command.endswith(" &"):
            return self.run_beside(self.there(command[:-2]), wanted_count)
        text = f"(exit ${{code:-0}})\n{self.there(command)}\ncode=$?; printf '\\n{MARK}\\n'\n"
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()
        raw = b""
        while not raw.endswith(f"\n{MARK}\n".encode()):
            line = self.process.stdout.readline()
            if not line:
                raise Failed(f"the shell ended at: {command}")
            raw += line
        return self.lines_of(raw[: -len(f"\n{MARK}\n")])

    def run_beside(self, command, wanted_count):
        """Starts a server; it is ready when it has printed what is wanted."""
        process = subprocess.Popen(
            ["bash", "-c", "exec " + command], cwd=self.folder, env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.beside.append(process)
        raw = b""
        for _ in range(max(wanted_count, 1)):
            raw += process.stdout.readline()
        return self.lines_of(raw)

    def close(self):
        for process in self.beside:
            process.send_signal(signal.SIGTERM)
            process.wait()
            process.stdout.close()
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder)


def too_long(_signal, _frame):
    raise Failed(f"a page takes longer than {SECONDS_MAX} s")


class Outcome:
    """What came of the commands of a page."""

    def __init__(self):
        self.ran, self.complaints, self.left_out, self.looked_up = 0, [], [], 0

    def compare(self, line, command, wanted, got):
        """Whether it printed what was wanted."""
        self.ran += 1
        if matches(wanted, got):
            return True
        difference = difflib.unified_diff(wanted, got, "the page", "the command", lineterm="", n=1)
        self.complaints.append("\n".join([f"line {line}: $ {command}", *difference]))
        return False


def run_console(shell, block, outcome):
    """Runs a block whose output is shown; returns its lines as they are to be."""
    lines = []
    for command, wanted, line in block.commands():
        got = shell.run(command, len(wanted))
        lines += ["$ " + command.replace("\n", "\n> ")] + (wanted if "..." in wanted else got)
        # A blank line before the next command is for the eye.
        plain = wanted[:-1] if wanted[-1:] == [""] else wanted
        if outcome.compare(line, command, plain, got) and plain is not wanted:
            lines.append("")
    return lines


def run_sh(shell, block, outcome):
    """Runs a block whose output is not shown."""
    for number, line in enumerate(block.lines, block.first_line):
        if BUILDS_OR_TESTS.match(line):
            outcome.looked_up += 1
        elif line.strip():
            outcome.ran += 1
            printed = shell.run(line, 0)
            code = shell.run("echo $?", 1)
            if code != ["0"]:
                outcome.complaints.append("\n".join([f"line {number}: {line}", *printed, *code]))


def run_blocks(shell, blocks, outcome, update):
    for block in blocks:
        if block.file:
            with open(os.path.join(shell.folder, block.file), "w", encoding="utf-8") as out:
                out.write("\n".join(block.lines) + "\n")
        if block.not_run:
            outcome.left_out.append(f"line {block.first_line}: {block.not_run}")
        elif block.kind == "console":
            lines = run_console(shell, block, outcome)
            block.lines = lines if update else block.lines
        elif block.kind == "sh":
            run_sh(shell, block, outcome)


def run_written(shell, lines, outcome, update):
    """Compares the parts that commands write; returns the page's lines as they are to be."""
    result, number = [], 0
    while number < len(lines):
        result.append(lines[number])
        number += 1
        found = WRITTEN_BY.fullmatch(lines[number - 1])
        if not found:
            continue
        if "<!-- end -->" not in lines[number:]:
            raise Failed(f"line {number}: what is written by a command does not end")
        end = lines.index("<!-- end -->", number)
        got = shell.run(found.group(1), 0)
        outcome.compare(number, found.group(1), lines[number:end], got)
        result += got if update else lines[number:end]
        number = end
    return result


def run_page(page, freshcheck, update):
    with open(os.path.join(root, page), encoding="utf-8") as file:
        text = file.read()
    blocks, _ = read_blocks(text)
    starts = [(block.first_line - 1, len(block.lines)) for block in blocks]
    shell, outcome, lines = Shell(freshcheck), Outcome(), text.split("\n")
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(SECONDS_MAX)
    try:
        run_blocks(shell, blocks, outcome, update)
        for block, (start, count) in reversed(list(zip(blocks, starts))):
            lines[start : start + count] = block.lines
        lines = run_written(shell, lines, outcome, update)
    except Failed as reason:
        outcome.complaints.append(str(reason))
    finally:
        signal.alarm(0)
        shell.close()
    if update:
        with open(os.path.join(root, page), "w", encoding="utf-8") as file:
            file.write("\n".join(lines))
    return outcome


def anchor(heading):
    """The anchor that GitHub gives a heading."""
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")


@functools.cache
def anchors_of(path):
    with open(path, encoding="utf-8") as file:
        _, prose = read_blocks(file.read())
    return {anchor(line.lstrip("#").strip()) for line in prose if line.startswith("#")}


def check_links(page):
    complaints = []
    with open(os.path.join(root, page), encoding="utf-8") as file:
        _, prose = read_blocks(file.read())
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
            options = set(re.findall(r"--[a-z][\w-]*", self.help(command)))
            for option in re.findall(r"(?<![\w-])--[a-z][\w-]*", re.split(r"[|;#]", rest)[0]):
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
    with open(os.path.join(root, page), encoding="utf-8") as file:
        text = file.read()
    complaints = []
    for number, code in pieces_of_code(text):
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


COMMAND_LINE = re.compile(r"\$ |(freshcheck [a-z]|curl |cc |kubectl |sudo |FLINK_\w+=)|" + BUILDS_OR_TESTS.pattern)


def check_blocks(page, program):
    """Commands stand in blocks that are run, and usages are those of --help."""
    with open(os.path.join(root, page), encoding="utf-8") as file:
        blocks, _ = read_blocks(file.read())
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


def tell(complaints, what):
    if not complaints:
        print(f"ok - {what}")
        return 0
    print(f"not ok - {what}")
    for complaint in complaints:
        print("\n".join("#   " + line for line in complaint.split("\n")))
    return 1


def pages():
    listed = subprocess.run(["find", "docs", "examples", "-name", "*.md", "-not", "-path", "*/.*"], cwd=root,
                            check=True, capture_output=True, text=True).stdout.split()
    return ["README.md"] + sorted(listed)


def run_pages(chosen, freshcheck, update):
    """Several at a time; tells of them in their order. Returns how many failed."""
    failures, looked_up = 0, 0
    with concurrent.futures.ProcessPoolExecutor(PAGES_AT_A_TIME) as pool:
        running = [(page, pool.submit(run_page, page, freshcheck, update)) for page in chosen]
        for page, future in running:
            try:
                outcome = future.result()
            except Failed as reason:
                failures += tell([str(reason)], f"{page} can be run")
                continue
            failures += tell(outcome.complaints, f"{page}: {outcome.ran} commands do what it shows")
            for reason in outcome.left_out:
                print(f"# not run: {page} {reason}")
            looked_up += outcome.looked_up
    print(f"# not run: {looked_up} lines that build or test")
    return failures


def look_up(page, program):
    """Returns how many checks failed of what can be said of a page without running anything."""
    try:
        return (tell(check_links(page), f"{page}: links lead somewhere")
                + tell(check_mentions(page, program), f"{page}: commands, options and files exist")
                + tell(check_blocks(page, program), f"{page}: commands stand where they are run"))
    except Failed as reason:
        return tell([str(reason)], f"{page} can be read")


def main(arguments):
    update = "--update" in arguments
    freshcheck, *chosen = [one for one in arguments if one != "--update"]
    freshcheck = os.path.abspath(freshcheck)
    chosen = chosen or pages()
    program = Program(freshcheck)
    failures = run_pages(chosen, freshcheck, update)
    failures += sum(look_up(page, program) for page in chosen)
    return failures > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
