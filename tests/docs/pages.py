"""What a page of the documents consists of: fenced blocks, and prose."""

import os
import shlex

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


def text_of(page):
    """The page's text; its name counts from the root of the repository."""
    with open(os.path.join(root, page), encoding="utf-8") as file:
        return file.read()
