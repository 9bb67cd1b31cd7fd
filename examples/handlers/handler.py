#!/usr/bin/env python3
"""A handler for r8scan in Python: one event a line on standard input, one verdict a line on standard output.

It writes down which tokens leaked and where, by their hashes, in leaks.txt or the file that its argument names.
    r8scan git --on-finding exec:./handler.py
"""
import json
import sys

log = sys.argv[1] if len(sys.argv) > 1 else "leaks.txt"
for line in sys.stdin:
    event = json.loads(line)
    where = event["exposure"]["repository"]
    with open(log, "a", encoding="utf-8") as leaks:
        print("leaked:", event["token_sha256"], where, file=leaks)
    # Without the flush the answer would wait in a buffer, and r8scan for it.
    print(json.dumps({"status": "ok", "message": "written down"}), flush=True)
