#!/usr/bin/env python3
"""kill_record.py FRESHCHECK FOLDER COUNT: kills `freshcheck record` with SIGKILL at COUNT random instants.

What must be in the file: a client sends its next request on a connection only when the answer before has
arrived whole, so when the tiny JobManager hears a second request on a connection, the exchange before it
had ended; `record` has written it by then, because it writes an exchange when it ends and before it lets
anybody send more. So every answer after which its connection was used again is in the file. An answer that
was sent but not followed by a request may be there or not: nobody can tell whether it had arrived.

The file: lines are whole; only the last may be cut off, where the kill came within its write."""
import concurrent.futures
import json
import os
import random
import re
import subprocess
import sys

from tiny_jobmanager import TinyJobManager

FRESHCHECK, FOLDER, COUNT = sys.argv[1], sys.argv[2], int(sys.argv[3])
AT_ONCE = 4
server = TinyJobManager()


def read_lines(name):
    """The serials in the file, and whether its last line is cut off."""
    with open(name, "rb") as file:
        lines = file.read().split(b"\n")
    is_cut = lines.pop() != b""
    serials = set()
    for line in lines:
        found = json.loads(line)
        serial = re.match(r'\{"serial":(\d+),', found.get("body", ""))
        if serial:
            serials.add(int(serial[1]))
    return serials, is_cut


def kill_once(number):
    delay_s = random.Random(number).uniform(0, 0.1)
    prefix, name = "/run%d" % number, os.path.join(FOLDER, "killed-%d.jsonl" % number)
    log = server.logs[prefix]
    command = [FRESHCHECK, "record", "-o", name, "--quiet", "--clients", "4", "--rate", "100",
               "--mix", "statistics=1", "--seed", str(number + 1), server.url + prefix]
    process = subprocess.Popen(command)
    try:
        if not log.asked.wait(20):
            return "run %d: nothing was asked" % number, 0, False
        try:
            process.wait(delay_s)
            return "run %d: ended by itself" % number, 0, False
        except subprocess.TimeoutExpired:
            pass
    finally:
        process.kill()
        process.wait()
    arrived = set(log.arrived)
    if not os.path.exists(name):  # killed before its first line: then nothing had arrived
        return ("run %d: no file" % number if arrived else None), 0, False
    serials, is_cut = read_lines(name)
    if arrived - serials:
        return "run %d: %d of %d exchanges are missing" % (number, len(arrived - serials), len(arrived)), 0, is_cut
    check = subprocess.run([FRESHCHECK, "check", "--brief", "--allow-damaged", name], capture_output=True)
    if check.returncode not in (0, 1, 2):
        return "run %d: check ends with %d: %s" % (number, check.returncode, check.stderr), 0, is_cut
    os.unlink(name)
    return None, len(arrived), is_cut


with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
    outcomes = list(pool.map(kill_once, range(COUNT)))
wrong = [what for what, _, _ in outcomes if what]
known = sum(count for _, count, _ in outcomes)
if known < 3 * COUNT:
    wrong.append("only %d exchanges are known to have ended: too few to tell" % known)
for what in wrong:
    print(what)
print("%d kills, %d exchanges known to have ended, %d last lines cut off" %
      (COUNT, known, sum(is_cut for _, _, is_cut in outcomes)))
sys.exit(1 if wrong else 0)
