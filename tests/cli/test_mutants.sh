#!/bin/bash
# freshcheck mutants: whatever is broken on purpose is found out by name, and what is not found out is said.
# flavours: gcc, asan (two compilers would kill the same)
. tests/cli/lib.sh

listed=$("$FRESHCHECK" list implementations | sed -nE 's/ .*(broken|origin|client): .*//p')
count=$(wc -l <<<"$listed")
[ "$count" -ge 60 ] && ok "there are sixty or more" || not_ok "there are sixty or more" "$count"

# All of them once, as JSON: with sanitizers it takes seconds.
expect_code 0 "every broken implementation is found out" "$FRESHCHECK" mutants --format json
cp "$scratch/out" "$scratch/mutants.json"
cat >"$scratch/shape.py" <<'END'
import json, sys
report = json.load(open(sys.argv[1]))
properties = {line.split()[0] for line in open(sys.argv[2])}
mutants = report["mutants"]
for mutant in mutants:
    assert list(mutant)[:5] == ["name", "killed", "by", "scenario", "events"], mutant
    assert mutant["killed"] is True and mutant["events"] >= 1 and mutant["scenario"], mutant
    assert mutant["by"] and set(mutant["by"]) <= properties, mutant
    assert mutant["kind"] and mutant["summary"] and mutant["source"], mutant
idle = properties - {id for mutant in mutants for id in mutant["by"]}
assert not idle, f"no mutant is killed by {idle}"
print(" ".join(mutant["name"] for mutant in mutants))
END
"$FRESHCHECK" list properties >"$scratch/properties"
expect_same "in the order of the list, and each property kills some" \
    "$(python3 "$scratch/shape.py" "$scratch/mutants.json" "$scratch/properties" 2>&1)" \
    "$(tr '\n' ' ' <<<"$listed" | sed 's/ $//')"
expect_same "none is killed by a made-up scenario only" "$(grep -o '"scenario":"seed-[^"]*"' "$scratch/mutants.json")" ""

some="failures-kept
stampede
client-script"
expect_code 0 "some of them as text" "$FRESHCHECK" mutants --only failures-kept --only stampede --only client-script
expect_same "the last line sums up" "$(tail -1 <<<"$out")" "3 mutants: 3 killed, 0 survived"
expect_same "each has a line in the matrix" "$(sed -n '2,/^ /p' <<<"$out" | grep -v '^ ' | awk '{print $1}')" "$some"
expect_same "and a line with the scenario that kills it" \
    "$(sed -n '/smallest scenario that kills it/,/^$/p' <<<"$out" | sed 1d | awk 'NF{print $1}')" "$some"
expect_text "what kills none of them is seen" "$out" '(^| )[a-z] +0 dashboard-cached'

# What the document says of each is what the command says of it.
cat >"$scratch/rows.py" <<'END'
import json, re, sys
wanted = [(m["name"], m["summary"], m["source"]) for m in json.load(open(sys.argv[1]))["mutants"]]
rows = [re.match(r"\| `([^`]+)` \| (.*) \| (.*) \|$", line) for line in open("docs/mutants.md")]
rows = [tuple(cell.replace("\\|", "|") for cell in row.groups()) for row in rows if row]
for row, mutant in zip(rows + [None] * len(wanted), wanted + [None] * len(rows)):
    if row != mutant:
        print("docs/mutants.md has", row, "instead of", mutant)
        break
END
expect_same "the tables of docs/mutants.md are those of the command" "$(python3 "$scratch/rows.py" "$scratch/mutants.json" 2>&1)" ""
expect_text "and so is the number" "$(cat docs/mutants.md)" "there are $count implementations that are broken"

# A scenario that asks once before anything happened can tell nothing apart.
mkdir "$scratch/weak"
cat >"$scratch/weak/weak.yaml" <<'END'
title: Nothing happens
why: nobody can fail here
jobmanager: {J: {at 500 ms: completes 1}}
clients: {script: {at 100 ms: latest completed checkpoint of J}}
claims: [bounded-age, consistent]
END
expect_code 1 "what survives weak scenarios makes it fail" \
    "$FRESHCHECK" mutants --scenarios "$scratch/weak" --seeds 0 --only failures-kept --only stampede
expect_text "and is named" "$out" '^stampede .*survives$'
expect_text "with what it does" "$out" '^failures-kept +- +none, nor any of 0 seeds: a failed fetch'
expect_same "and counted" "$(tail -1 <<<"$out")" "2 mutants: 0 killed, 2 survived"
expect_code 1 "JSON says so, too" \
    "$FRESHCHECK" mutants --scenarios "$scratch/weak" --seeds 0 --only stampede --format json
expect_text "without a scenario" "$out" '"name":"stampede","killed":false,"by":\[\],"scenario":null,"events":null'
expect_code 0 "made-up scenarios find what they miss" "$FRESHCHECK" mutants --scenarios "$scratch/weak" --only stampede
expect_text "and are named by their seed" "$out" '^stampede +[0-9]+  seed-[0-9]+-'
first=$out
expect_code 0 "the same again" "$FRESHCHECK" mutants --scenarios "$scratch/weak" --only stampede
expect_same "gives the same bytes" "$out" "$first"

expect_code 0 "a scenario that kills does so when it is run" "$FRESHCHECK" mutants --only old-answer-overwrites
expect_code 1 "on that implementation" "$FRESHCHECK" run --brief --implementation old-answer-overwrites \
    "$(find scenarios -name "$(awk '$1 == "old-answer-overwrites" && $2 ~ /^[0-9]+$/ {print $3}' <<<"$out").yaml")"

expect_code 64 "a mutant that there is not" "$FRESHCHECK" mutants --only stampeed
expect_text "has a nearest name" "$err" "did you mean 'stampede'"
expect_code 64 "what is not broken is no mutant" "$FRESHCHECK" mutants --only reference
expect_text "and that is said" "$err" "'reference' means no scenario and no implementation here"
expect_code 0 "a pattern means several" "$FRESHCHECK" mutants --only 'client-l*' --skip '*lyft' --seeds 0
expect_text "of which some may be left out" "$out" '^1 mutants: 1 killed, 0 survived$'
expect_code 1 "scenarios are chosen, too" "$FRESHCHECK" mutants --only stampede --only text_order --seeds 0
expect_text "which may be too few" "$out" '^1 mutants: 0 killed, 1 survived$'
expect_code 64 "nothing is left of all" "$FRESHCHECK" mutants --skip 'implementation:*'
expect_code 64 "by which property one is found out is not to be chosen" "$FRESHCHECK" mutants --only property:fresh
expect_code 64 "a name alone is refused" "$FRESHCHECK" mutants stampede
expect_code 64 "a number of seeds that is none" "$FRESHCHECK" mutants --seeds many
expect_code 65 "a folder that is not there" "$FRESHCHECK" mutants --scenarios "$scratch/nowhere"
finish
