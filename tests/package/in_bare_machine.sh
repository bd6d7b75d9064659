#!/bin/bash
# Run in a bare Debian 12 by test_package.sh: the package beside this script is installed, does its work
# without a source tree, and is removed again. Prints TAP.
cd "$(dirname "$0")" || exit 70
FRESHCHECK=freshcheck
. ./lib.sh
. ./served.sh

# What belongs to a package, and all else but what apt keeps for itself and what changes in any case.
everything() {
    find / -xdev \( -path /root -o -path /tmp -o -path /proc -o -path /var/cache -o -path /var/log \
        -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path '/etc/ld.so.cache' \) -prune -o -print | sort
}
apt() { apt-get -q -y -o Dpkg::Use-Pty=0 "$@"; }

expect_code 0 "the machine reads its package lists" apt update
everything >"$scratch/before"
expect_code 0 "apt installs the package and what it needs" \
    apt install --no-install-recommends ./freshcheck_*.deb
expect_same "every file is as it was packed" "$(dpkg --verify freshcheck)" ""
cd "$scratch" || exit 70
expect_code 0 "run finds the scenarios that came with it" freshcheck run --brief
expect_text "and all are as expected" "$out" "all as expected"
expect_code 0 "the manual is where man looks" test -e /usr/share/man/man1/freshcheck-run.1.gz
expect_code 1 "a broken claim ends with 1" freshcheck run --strict --implementation flink-1.17 \
    /usr/share/freshcheck/scenarios/dashboard_hides_newer.yaml
expect_text "and is told" "$out" "dashboard_hides_newer on flink-1.17 breaks fresh"

# A mock is served and recorded: the library that is loaded late is there too.
start -D rest.cache.checkpoint-statistics.timeout=0s
expect_code 0 "record asks a server" freshcheck record --quiet --trigger 300ms --duration 2s -o session.jsonl "$url"
stop
expect_code 0 "and check judges what it wrote" freshcheck check --brief session.jsonl

expect_code 0 "apt removes it" apt purge freshcheck
expect_code 0 "and what it had needed" apt autoremove --purge
everything >"$scratch/after"
expect_same "nothing of it is left" "$(diff "$scratch/before" "$scratch/after")" ""
finish
