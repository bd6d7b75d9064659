#!/bin/bash
# freshcheck serve under load and under clients that misbehave; the work is in load.py.
. "$(dirname "$0")/lib.sh"
case $BUILD in
*asan*) memory=unchecked ;; # the sanitizer keeps what was freed
*) memory=checked ;;
esac
python3 "$(dirname "$0")/load.py" "$FRESHCHECK" "$scratch" $memory || failures=1
finish
