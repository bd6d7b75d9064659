#!/bin/bash
# freshcheck check: recordings are read as streams.
. tests/cli/lib.sh

# What peak memory, in KB, judging a file takes.
memory() {
    ASAN_OPTIONS=quarantine_size_mb=1 python3 -c '
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
print(os.wait4(child.pid, 0)[2].ru_maxrss)' "$FRESHCHECK" check --brief "$1"
}

short=tests/recordings/1.20.3/poll-timeout-default.jsonl
scripts/lengthen-recording $short 40 --distinct >"$scratch/whole.jsonl"
head -n $(($(wc -l <"$scratch/whole.jsonl") / 2)) "$scratch/whole.jsonl" >"$scratch/half.jsonl"
expect_code 0 "a long recording is judged as the short one" \
    "$FRESHCHECK" check --brief "$scratch/whole.jsonl"
expect_text "by the same worst lag" "$out" 'age 3 s +pass; worst lag seen 2884 ms over [0-9]{4} reads'

small=$(memory "$scratch/half.jsonl")
large=$(memory "$scratch/whole.jsonl")
# What is remembered for a while fills up (3 MB here; 8 MB under ASan, which pads each block); who kept
# what was read would take the 20 MB and more.
if [ $((large - small)) -lt 10000 ]; then
    ok "20 MB more to read take less than 10 MB more memory"
else
    not_ok "20 MB more to read take less than 10 MB more memory" "$small KB, then $large KB"
fi

"$FRESHCHECK" check --format json - <$short >"$scratch/file.json"
cat $short | "$FRESHCHECK" check --format json - >"$scratch/pipe.json"
expect_same "a pipe is judged as the file" "$(cat "$scratch/file.json")" "$(cat "$scratch/pipe.json")"
{ head -n 1 $short; tail -n +2 $short | shuf --random-source=$short; } |
    "$FRESHCHECK" check --format json - >"$scratch/shuffled.json"
expect_same "lines in any order are judged alike" "$(cat "$scratch/file.json")" \
    "$(cat "$scratch/shuffled.json")"
finish
