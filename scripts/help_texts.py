"""What freshcheck says about itself, read from its own --help and lists.

The manual and the completion of shells are made from this, so neither can say anything else than
the program does.
"""

import re
import subprocess
from dataclasses import dataclass, field


@dataclass
class Option:
    flag: str  # "--seed" or "-D"
    placeholder: str  # "" for a switch
    meaning: str


@dataclass
class Command:
    name: str
    summary: str  # as in freshcheck --help
    usages: list = field(default_factory=list)  # without "freshcheck"
    purpose: list = field(default_factory=list)  # lines
    options: list = field(default_factory=list)
    notes: list = field(default_factory=list)  # ("examples", [line...]), ("exit codes", [line...])


def said(program, *arguments):
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout


def read_option(lines, at):
    """The option at lines[at] and the number of lines it takes."""
    match = re.fullmatch(r"  (-\S+)(?: (\S+))?(?:\s{2,}(.*))?", lines[at])
    if not match:
        raise SystemExit(f"help_texts: this is no option: {lines[at]!r}")
    flag, placeholder, meaning = match.groups(default="")
    if meaning:
        return Option(flag, placeholder, meaning), 1
    return Option(flag, placeholder, lines[at + 1].strip()), 2


def read_notes(text):
    """Paragraphs that begin with 'examples:' or 'exit codes:', and what follows."""
    notes = []
    for paragraph in filter(None, text.strip("\n").split("\n\n")):
        head, _, rest = paragraph.partition(":")
        notes.append((head, [line for line in rest.strip("\n").split("\n")]))
    return notes


def read_command(program, name, summary):
    command = Command(name, summary)
    usage, _, rest = said(program, name, "--help").partition("\n\n")
    purpose, _, rest = rest.partition("\n\noptions:\n")
    table, _, after = rest.partition("\n\n")
    lines = table.rstrip("\n").split("\n")
    # A usage that goes on in the next line is one; one that names the program again another.
    one_line = " ".join(usage.removeprefix("usage: ").split())
    command.usages = [part.strip() for part in one_line.split("freshcheck ")[1:]]
    command.purpose = purpose.split("\n")
    at = 0
    while at < len(lines):
        option, taken = read_option(lines, at)
        command.options.append(option)
        at += taken
    command.notes = read_notes(after)
    return command


@dataclass
class Program:
    version: str
    purpose: str
    commands: list
    exit_codes: str
    implementations: list
    properties: list
    findings: list
    formats: list


def first_words(text):
    return [line.split()[0] for line in text.splitlines() if line and not line[0].isspace()]


def read_program(program):
    text = said(program, "--help")
    paragraphs = text.strip("\n").split("\n\n")
    table = re.findall(r"^  ([a-z]+) +(.*)$", text, re.MULTILINE)
    codes = next(p for p in paragraphs if p.startswith("exit codes:"))
    return Program(
        version=said(program, "--version").split()[1],
        purpose=paragraphs[0].replace("\n", " "),
        commands=[read_command(program, name, summary) for name, summary in table],
        exit_codes=codes.removeprefix("exit codes:").replace("\n", " ").strip(),
        implementations=first_words(said(program, "list", "implementations")),
        properties=first_words(said(program, "list", "properties")),
        findings=first_words(said(program, "list", "findings")),
        formats=first_words(said(program, "list", "reports")),
    )
