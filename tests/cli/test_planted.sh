#!/bin/bash
# Planted defects are found from nothing, made small, and fail again on their own: some of those of
# `make planted`, which has them all, and a limit of time.
# flavours: gcc (how well exploration finds; test_explore.sh runs it in all flavours)
. tests/cli/lib.sh

expect_code 0 "four planted defects are found and made small" \
    env SECONDS_MAX=100 scripts/planted zero-read-as-unset failures-kept client-lyft dashboard-uncached
expect_text "within few events" "$out" '^client-lyft +[a-z-]+ +[0-9]+ +[0-9.]+ +[1-8]$'
expect_code 1 "what is not broken is not found" env SECONDS_MAX=1 scripts/planted reference
expect_text "and that is told" "$err" 'reference is not found: code 0'
finish
