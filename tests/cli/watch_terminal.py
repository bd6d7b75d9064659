"""Runs a command on a terminal of its own until its screen shows something, then presses Ctrl-C.

usage: watch_terminal.py COLUMNS ROWS PATTERN COMMAND...

Prints everything that the terminal got; ends with the command's exit code, or 99 when the pattern
was not seen within 20 seconds.
"""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

columns, rows, pattern = int(sys.argv[1]), int(sys.argv[2]), re.compile(sys.argv[3].encode())
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.execvp(sys.argv[4], sys.argv[4:])

got, is_seen, deadline = b"", False, time.monotonic() + 20
while time.monotonic() < deadline:
    if not select.select([terminal], [], [], 1)[0]:
        continue
    try:
        bytes_read = os.read(terminal, 65536)
    except OSError:  # the other side is closed
        break
    if not bytes_read:
        break
    got += bytes_read
    if not is_seen and pattern.search(got):
        is_seen = True
        os.write(terminal, b"\x03")
else:
    os.kill(child, 9)
sys.stdout.buffer.write(got)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
sys.exit(code if is_seen else 99)
