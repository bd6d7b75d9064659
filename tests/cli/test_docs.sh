#!/bin/bash
# in real time: waits (the tutorial records a mock for some seconds)
# What the documents show is what happens: see tests/docs/run_documents.py, which is put to the test
# itself with pages that are wrong in one way each.
# flavours: gcc (what documents show is one program's output)
. tests/cli/lib.sh
run() { python3 tests/docs/run_documents.py "$FRESHCHECK" "${pages[@]}"; }

# wrong WHAT COMPLAINT: the page on stdin is to be found wrong, with that complaint.
pages=()
whats=()
complaints=()
wrong() {
    pages+=("$scratch/${#pages[@]}.md")
    whats+=("$1")
    complaints+=("$2")
    cat >"${pages[-1]}"
}
wrong "another output" '^#   -freshcheck 0\.0' <<'MD'
```console
$ freshcheck --version
freshcheck 0.0
```
MD
wrong "an output that goes on" '^#   \+two' <<'MD'
```console
$ echo one; echo two
one
```
MD
wrong "an output that is not all there" '^#   -two' <<'MD'
```console
$ echo one
...
two
```
MD
wrong "what only begins as progress does" '^#   \+freshcheck: 3 of 4 files cannot be read' <<'MD'
```console
$ echo 'freshcheck: 3 of 4 files cannot be read, 1 a second'
```
MD
wrong "an option that does not exist" 'line 1: freshcheck run has no option --al$' <<<'`freshcheck run --al`'
wrong "a command that does not exist" 'line 1: freshcheck has no command walk$' <<<'`freshcheck walk`'
wrong "a goal that does not exist" 'line 1: make has no goal coffee$' <<<'`make coffee`'
wrong "a file that does not exist" 'line 1: there is no scenarios/none.yaml$' <<<'`scenarios/none.yaml`'
wrong "a link that leads nowhere" 'line 1: there is no none.md$' <<<'[none](none.md)'
wrong "a link to no heading" 'line 3: #two has no such heading$' <<<'# One

[two](#two)'
wrong "a block that does not end" 'the block of line 1 does not end' <<<'```'

wrong "a command that fails" 'line 2: false$' <<'MD'
```sh
false
```
MD
wrong "a command where none is run" 'line 2: a command in a block that is not run: freshcheck run$' <<'MD'
```
freshcheck run
```
MD
wrong "another usage" 'line 2: --help has another usage$' <<'MD'
```usage
freshcheck explain PROPERTY
```
MD
wrong "a part that a command wrote once" '^#   \+now' <<'MD'
<!-- written by: echo now -->
then
<!-- end -->
MD
wrong "a part that goes on to the end" 'line 1: what is written by a command does not end' <<'MD'
<!-- written by: echo now -->
now
MD

said_of() { # PAGE
    awk -v page="$1" '/^(not )?ok - / {inside = index($0, page)} inside' <<<"$out"
}
expect_code 1 "pages that are wrong in one way each are found wrong" run
for i in "${!pages[@]}"; do
    expect_text "${whats[i]} is told" "$(said_of "${pages[i]}")" "${complaints[i]}"
done

pages=("$scratch/command-line.md")
sed 's/^| `--brief` /| `--brave` /' docs/command-line.md >"${pages[0]}"
expect_code 1 "options that are not told, or told wrongly, are found" run
expect_text "one that is not there is told with its line" "$out" '^#   line [0-9]+: check has no --brave$'
expect_text "and one that is missing" "$out" '^#   check lacks --brief$'

pages=("$scratch/page.md")
cat >"$scratch/page.md" <<'MD'
```yaml file=made.yaml
title: A file
```
```console
$ cat made.yaml; seq 4
title: A file
...
3
4
$ false
$ echo $?
1
$ echo 'freshcheck: 45 of 190 cells, 60 a second, 2 s left; 0 broken' >&2; echo "what a slow machine"
what a slow machine
$ printf 'shows is '; echo 'freshcheck: 12 of 30 s, 18 s left' >&2; echo left out
shows is left out
$ echo 'freshcheck: 3 failures made small, 1 a second'
```
```console not-run="a reason"
$ exit 70
```
```sh
true # it is
make test
```
```usage
freshcheck explain PROPERTY|FINDING...
```
<!-- written by: echo now -->
now
<!-- end -->
MD
expect_code 0 "a page that is right is found right" run
expect_text "and what was not run is told" "$out" '^# not run: .* line 20: a reason$'
expect_text "also what builds or tests" "$out" '^# not run: 1 lines that build or test$'

pages=()
run
failures=$((failures + $?))
finish
