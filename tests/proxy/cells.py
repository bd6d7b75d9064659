#!/usr/bin/env python3
"""Prints a line for each property that a JSON report of `run` judges: scenario, property, verdict, layer."""
import json
import sys

for result in json.load(open(sys.argv[1]))["results"]:
    if "skipped" in result:
        continue
    for judged in result.get("properties", []):
        print(result["subject"], judged["id"], judged["verdict"], judged.get("layer", ""))
