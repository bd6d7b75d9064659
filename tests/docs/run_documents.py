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
(each stands for a free one), blanks at the end of a line, and the scratch folder's own name. The lines
that tell how far a command is are left out, for when they come is up to the machine. Nothing else. Of all
pages links and their anchors have to lead somewhere, and every option, goal of make and
command of freshcheck that is mentioned in code has to exist.

--update writes what was printed into blocks that leave nothing out. Prints TAP.
"""

import concurrent.futures
import difflib
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

import look_up
from pages import Failed, read_blocks, root, text_of

SECONDS_MAX = 60
PAGES_AT_A_TIME = 4  # most of the tutorial is waiting
WRITTEN_BY = re.compile(r"<!-- written by: (.*) -->")
# Where stdout goes on in several pieces, one may stand in the middle of another line. Its form is that of
# write_text() in harness/command_line/progress.c.
PROGRESS = re.compile(
    rb"freshcheck: \d+( of \d+)? (s|(cells|seeds|failures made small|mutants|requests|MB), \d+ a second)"
    rb"(, \d+ s left)?(; [^\n]*)?\n")
MARK = "\x01end-of-command"


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
        text = self.back(PROGRESS.sub(b"", raw).decode("utf-8", "replace"))
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
        while PROGRESS.sub(b"", raw).count(b"\n") < max(wanted_count, 1):
            line = process.stdout.readline()
            if not line:
                break
            raw += line
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
        if look_up.BUILDS_OR_TESTS.match(line):
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
    text = text_of(page)
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


def look_at(page, program):
    """Returns how many checks failed of what can be said of a page without running anything."""
    checks = [
        (look_up.check_links(page), "links lead somewhere"),
        (look_up.check_mentions(page, program), "commands, options and files exist"),
        (look_up.check_blocks(page, program), "commands stand where they are run"),
    ]
    if page == "README.md":
        checks.append((look_up.check_index(page, pages()), "every page can be found from here"))
    if page == "docs/rooms.md":
        checks.append((look_up.check_rooms(page), "rooms are those of the Makefile"))
    if os.path.basename(page) == "command-line.md":
        checks.append((look_up.check_options(page, program), "each command has the options of its --help"))
    return sum(tell(complaints, f"{page}: {what}") for complaints, what in checks)


def try_to_look_at(page, program):
    try:
        return look_at(page, program)
    except Failed as reason:
        return tell([str(reason)], f"{page} can be read")


def main(arguments):
    update = "--update" in arguments
    freshcheck, *chosen = [one for one in arguments if one != "--update"]
    freshcheck = os.path.abspath(freshcheck)
    chosen = chosen or pages()
    program = look_up.Program(freshcheck)
    failures = run_pages(chosen, freshcheck, update)
    failures += sum(try_to_look_at(page, program) for page in chosen)
    return failures > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
