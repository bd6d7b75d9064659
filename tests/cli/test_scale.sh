#!/bin/bash
# The commands of docs/scale.md and of the Kubernetes manifests, run as they stand there: what is split and
# joined is what was never split, byte for byte.
# flavours: gcc (shards and merges; test_merge.sh runs them under ASan too)
. tests/cli/lib.sh

expect_code 0 "commands and manifests are as they should be" python3 tests/cli/scale_commands.py "$scratch/ways"
expect_same "without a fault" "" "$out"

# The program under its name, a few scenarios, and fewer seeds than anybody would take.
mkdir "$scratch/bin"
ln -s "$(realpath "$FRESHCHECK")" "$scratch/bin/freshcheck"
export PATH=$scratch/bin:$PATH
export PARALLEL_HOME=$scratch/parallel # where parallel keeps its notes
few=(scenarios/dashboard_hides_newer.yaml scenarios/failed_fetch_kept.yaml scenarios/text_order.yaml)

# In a folder of its own; the seeds are cut to 5 wherever they stand.
in_folder() { # FOLDER SCRIPT
    sed -E "s/(--seeds )[0-9]+/\\15/; s/(SEEDS=')[0-9]+/\\15/" "$2" >"$scratch/script"
    (cd "$1" && bash "$scratch/script") >"$scratch/script.out" 2>"$scratch/script.err"
}

for way in parallel-1 parallel-2 github gitlab kubernetes; do
    commands=$scratch/ways/$way
    there=$scratch/$way
    mkdir -p "$there/scenarios"
    cp "${few[@]}" "$there/scenarios"
    for part in "$commands"/part-*.sh; do
        in_folder "$there" "$part" || [[ $way = parallel-* ]] ||
            not_ok "$way: $(basename "$part") ends well" "$(cat "$scratch/script.err")"
    done
    in_folder "$there" "$commands/merge.sh"
    code=$?
    cp "$scratch/script.out" "$scratch/joined"
    in_folder "$there" "$commands/whole"
    expect_same "$way: the exit code is that of the whole" $? $code
    if cmp -s "$scratch/joined" "$scratch/script.out" && [ -s "$scratch/joined" ]; then
        ok "$way: and so is every byte"
    else
        not_ok "$way: and so is every byte" "$(diff "$scratch/script.out" "$scratch/joined"; cat "$scratch/script.err")"
    fi
done

# A part that cannot be done leaves nothing that looks like one, and its pod fails.
mkdir "$scratch/full"
sed "s/export IMPLEMENTATION=.*/export IMPLEMENTATION=nobody/" "$scratch/ways/kubernetes/part-1.sh" >"$scratch/part"
in_folder "$scratch/full" "$scratch/part"
expect_same "a pod that cannot do its part fails as freshcheck does" 64 $?
expect_same "and leaves no part" "" "$(ls "$scratch/full" | grep json)"
finish
