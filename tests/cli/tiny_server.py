#!/usr/bin/env python3
"""tiny_server.py: a tiny JobManager that hangs up on questions about its job. Prints its address; ends with
its standard input."""
import sys

from tiny_jobmanager import TinyJobManager

print(TinyJobManager(answers=False).url, flush=True)
sys.stdin.read()
