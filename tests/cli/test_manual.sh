#!/bin/bash
# The manual: a page for each command and each kind of file, which says what --help says.
# flavours: gcc (pages are made from one table)
. tests/cli/lib.sh
pages=$scratch/pages
expect_code 0 "the manual is made" scripts/manual "$FRESHCHECK" 2026-11-23 "$pages"

commands=$("$FRESHCHECK" --help | sed -n 's/^  \([a-z]*\) .*/\1/p')
expect_same "a page for each command, one for all, two for files" "$(cd "$pages" && ls)" \
    "$({ for command in $commands; do echo "freshcheck-$command.1"; done
        printf '%s\n' freshcheck.1 freshcheck-scenario.5 freshcheck-recording.5; } | LC_ALL=C sort)"

lost=
for command in $commands; do
    there=$("$FRESHCHECK" "$command" --help | grep -c '^  -')
    written=$(sed -n '/^\.SH OPTIONS/,/^\.SH EX/p' "$pages/freshcheck-$command.1" | grep -c '^\.TP')
    [ "$there" -eq "$written" ] || lost+="$command: $written of $there options. "
done
expect_same "every option of every command is in its page" "$lost" ""
expect_text "with its value" "$(cat "$pages/freshcheck-run.1")" \
    'fB.-.-seed.fR .fIN.fR$'

lint() { mandoc -T lint -W warning "$@" 2>&1; }
complaints() { LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$@" 2>&1 >/dev/null; }
expect_same "mandoc has nothing to warn of" "$(lint "$pages"/*)" ""
expect_same "nor has man" "$(complaints "$pages"/*)" ""
printf '.TH A 1 2026-11-23\n.SH NAME\na \\- b\n.SH X\n\\(zz \\fQq\n' >"$scratch/bad.1"
expect_text "mandoc would say of a page that is wrong" "$(lint "$scratch/bad.1")" WARNING
expect_text "and so would man" "$(complaints "$scratch/bad.1")" warning

scripts/manual "$FRESHCHECK" 2026-11-23 "$scratch/again"
expect_same "made again it has the same bytes" "$(diff -r "$pages" "$scratch/again")" ""

version=$("$FRESHCHECK" --version | cut -d' ' -f2)
expect_same "the packaged release is the program's" \
    "$(sed -n '1s/.*(\(.*\)-.*).*/\1/p' packaging/debian/changelog)" "$version"
finish
