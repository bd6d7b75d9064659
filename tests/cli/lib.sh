# What the command line tests share. Each prints TAP: "ok - ..." or "not ok - ...".
# $FRESHCHECK is the program under test, $BUILD its build folder.

set -u
failures=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

ok() { echo "ok - $1"; }
not_ok() {
    echo "not ok - $1"
    failures=$((failures + 1))
    [ $# -lt 2 ] || printf '%s\n' "$2" | sed 's/^/#   /'
}

# expect_code CODE WHAT COMMAND...: runs it; $out and $err hold what it printed.
expect_code() {
    local wanted=$1 what=$2 code
    shift 2
    "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
    code=$?
    out=$(cat "$scratch/out")
    err=$(cat "$scratch/err")
    if [ $code -eq "$wanted" ]; then
        ok "$what"
    else
        not_ok "$what" "exit code $code instead of $wanted
$out
$err"
    fi
}

# expect_text WHAT TEXT PATTERN: the text matches the extended regular expression.
expect_text() {
    if grep -Eq -- "$3" <<<"$2"; then ok "$1"; else not_ok "$1" "no /$3/ in:
$2"; fi
}

expect_same() {
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "'$2' is not '$3'"; fi
}

finish() { exit $((failures > 0)); }
