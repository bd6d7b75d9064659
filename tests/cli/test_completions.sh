#!/bin/bash
# Completion of bash, zsh and fish: each shell is asked.
# flavours: gcc (the shells' work, not the compiler's)
. tests/cli/lib.sh
made=$scratch/made
expect_code 0 "completion is made" scripts/completions "$FRESHCHECK" "$made"
expect_code 0 "bash reads it" bash -n "$made/freshcheck"
expect_code 0 "zsh reads it" zsh -f -n "$made/_freshcheck"
expect_code 0 "fish reads it" fish --no-config -n "$made/freshcheck.fish"
program=$FRESHCHECK
commands=$("$program" --help | sed -n 's/^  \([a-z]*\) .*/\1/p')

# The words of a line, taken apart as bash does; the last one is completed.
in_bash() {
    bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _freshcheck
        printf "%s\n" "${COMPREPLY[@]}"' "$made/freshcheck" freshcheck "$@" 2>&1
}
expect_same "bash: commands" "$(in_bash '' | sed '/^--/d')" "$commands"
expect_same "bash: an option" "$(in_bash run --impl)" --implementation
expect_same "bash: every option of a command" "$(in_bash run -)" \
    "$("$program" run --help | sed -n 's/^  \(-[^ ]*\).*/\1/p')"
expect_same "bash: an implementation" "$(in_bash run --implementation stamp)" stampede
expect_same "bash: all of them, and folders" "$(in_bash explore --implementation '' | grep -c '^[a-z0-9.]*-[a-z]*-')" \
    "$("$program" list implementations | grep -c '^[a-z0-9.]*-[a-z]*-')"
expect_same "bash: what a value can be" "$(in_bash run --format '')" "$(printf 'text\njson')"
expect_same "bash: what the meaning of an option lists" "$(in_bash run --colour '')" \
    "$(printf 'auto\nalways\nnever')"
expect_same "bash: with properties" "$(in_bash run --fail-on un)" "$(printf 'unexpected\nunknown\nundisturbed')"
expect_same "bash: the same after =" "$(in_bash run --format = j)" json
expect_same "bash: a format of reports" "$(in_bash check --report jun)" junit=
expect_same "bash: the file behind it" "$(in_bash check --report junit = READ)" README.md
expect_same "bash: a property" "$(in_bash explain no-k)" no-kept-error
expect_same "bash: a scenario" "$(in_bash run scenarios/text_o)" scenarios/text_order.yaml
expect_same "bash: and no other file" "$(in_bash run READ)" ""
expect_same "bash: a file with a blank in its name" \
    "$(cd "$scratch" && touch 'a b.yaml' && in_bash run 'a')" "a b.yaml"
expect_same "bash: what can be listed" "$(in_bash list imp)" implementations

in_zsh() {
    timeout 30 zsh -f tests/cli/complete.zsh "$made" "freshcheck $1" "$scratch/zsh" >/dev/null 2>&1
    cat "$scratch/zsh"
}
expect_same "zsh: a command" "$(in_zsh expla)" "freshcheck explain "
expect_same "zsh: an implementation" "$(in_zsh 'run --implementation stamp')" \
    "freshcheck run --implementation stampede "
expect_same "zsh: a format of reports" "$(in_zsh 'check --report jun')" "freshcheck check --report junit="
expect_same "zsh: a property" "$(in_zsh 'explain no-k')" "freshcheck explain no-kept-error "
expect_same "zsh: a scenario" "$(in_zsh 'run scenarios/text_o')" \
    "freshcheck run scenarios/text_order.yaml "

in_fish() { HOME=$scratch fish --no-config -c "source $made/freshcheck.fish; complete -C '$1'" | cut -f 1; }
expect_same "fish: commands" "$(in_fish 'freshcheck ' | LC_ALL=C sort)" "$(LC_ALL=C sort <<<"$commands")"
expect_same "fish: an option" "$(in_fish 'freshcheck run --impl')" --implementation
expect_same "fish: an implementation" "$(in_fish 'freshcheck run --implementation stamp')" stampede
expect_same "fish: a property" "$(in_fish 'freshcheck explain no-k')" no-kept-error
expect_same "fish: a format of reports" "$(in_fish 'freshcheck check --report jun')" junit=
expect_same "fish: a scenario" "$(in_fish 'freshcheck run scenarios/text_o')" scenarios/text_order.yaml
finish
