#!/usr/bin/env python3
"""record_until.py SIGNAL PID|- FILE LINES COMMAND...: runs a command, waits until FILE has LINES lines, sends
SIGNAL (INT, TERM, KILL) to the process (-: the command's own) and ends with the command's exit code."""
import os
import signal
import subprocess
import sys
import time

name, victim, path, wanted, command = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5:]
# A shell's background jobs ignore SIGINT, and so would what they start.
process = subprocess.Popen(command, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
deadline = time.monotonic() + 30
while process.poll() is None and time.monotonic() < deadline:
    if os.path.exists(path):
        with open(path, "rb") as file:
            if file.read().count(b"\n") >= wanted:
                break
    time.sleep(0.005)
else:
    process.kill()
    sys.exit("record_until.py: %s has not %d lines" % (path, wanted))
os.kill(process.pid if victim == "-" else int(victim), getattr(signal, "SIG" + name))
sys.exit(process.wait(30))
