#!/bin/bash
# Every scenario of `run` that runs in real time, through nginx with our mock behind: a configuration
# that keeps the claims is as the reference alone, and of one that breaks them the proxy is blamed. Takes
# two minutes; tests/cli/test_live_proxy.sh does the same with two short scenarios.
. tests/cli/lib.sh
. tests/proxy/proxy.sh

through() { # CODE CONFIGURATION: cells go to $scratch/CONFIGURATION.cells
    local origin=http://127.0.0.1:$(free_port)
    start_proxy "${origin##*:}" "$2"
    expect_code "$1" "the scenarios through the configuration $2 end with $1" \
        "$FRESHCHECK" run --target "$proxy" --origin "$origin" --format json
    stop_proxy
    echo "$out" >"$scratch/$2.json"
    tests/proxy/cells.py "$scratch/$2.json" >"$scratch/$2.cells"
}

"$FRESHCHECK" run --implementation reference --format json >"$scratch/alone.json"
tests/proxy/cells.py "$scratch/alone.json" >"$scratch/alone.cells"

through 0 good
expect_same "through the good one every cell is as with the reference alone" "" \
    "$(grep -vxFf "$scratch/alone.cells" "$scratch/good.cells")"
judged=$(cut -d' ' -f1 "$scratch/good.cells" | sort -u | wc -l)
[ "$judged" -ge 20 ] && ok "20 scenarios are judged" || not_ok "20 scenarios are judged" "$judged"

through 1 bad
for property in fresh bounded-age right-job available no-kept-error; do
    expect_text "through the bad one $property fails, and the proxy is blamed" \
        "$(cat "$scratch/bad.cells")" "^[a-z_0-9]+ $property fail proxy\$"
done
expect_same "and for what the reference alone passes nobody else is" "" \
    "$(grep -vxFf "$scratch/alone.cells" "$scratch/bad.cells" | grep ' fail ' | grep -v ' proxy$')"
finish
