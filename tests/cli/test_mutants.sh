#!/bin/bash
# Every broken implementation is refuted by name, by the property that it breaks; the reference by none.
. tests/cli/lib.sh

# Mutant, scenario that refutes it, property.
mutants="never-refresh            timeout_boundary          bounded-age
failures-kept            failed_fetch_kept         no-kept-error
joined-fetch             joined_fetch              fresh
key-without-job          two_jobs_one_cache        right-job
details-key-without-job  details_of_another_job    right-job
expiry-after-access      timeout_boundary          bounded-age
timeout-from-answer      timeout_boundary          bounded-age
timeout-in-wrong-unit    timeout_boundary          bounded-age
zero-read-as-unset       dashboard_hides_newer     fresh
wall-clock               wall_clock_set_back       bounded-age
old-answer-overwrites    late_answer_overwrites    monotonic
text-order               text_order                numeric-latest
waiters-cancelled        readers_cancel_programs   undisturbed
dashboard-uncached       dashboard_and_programs    dashboard-cached
shared-cache             dashboard_hides_newer     fresh
stampede                 timeout_zero_crowd        bounded-load"

while read -r mutant scenario property; do
    expect_code 1 "$mutant is refuted by $scenario" \
        "$FRESHCHECK" run --implementation "$mutant" "scenarios/$scenario.yaml"
    expect_text "$mutant breaks $property" "$out" "on $mutant breaks $property\$"
    expect_code 0 "$scenario holds for the reference" \
        "$FRESHCHECK" run --brief --implementation reference "scenarios/$scenario.yaml"
done <<<"$mutants"

listed=$("$FRESHCHECK" list implementations | sed -n 's/ .*broken: .*//p' | sort)
expect_same "every mutant there is stands in the table" "$listed" "$(awk '{print $1}' <<<"$mutants" | sort)"
finish
