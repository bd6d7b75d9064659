#!/bin/bash
# What a person installs, seen to work where there is nothing else: the package on a bare Debian 12, and
# the image. Needs root, debootstrap, buildah and a package mirror; takes ten minutes on two processors.
# usage: tests/package/test_package.sh      (make test-package builds what it needs)
. tests/cli/lib.sh
[ "$(id -u)" -eq 0 ] || { echo "test_package.sh: must run as root, as debootstrap does" >&2; exit 69; }
deb=$(ls build/deb/freshcheck_*.deb)

# Built again elsewhere: its bytes come from the source, not from the folder, the time or the order.
expect_code 0 "make deb in another folder" \
    env -u MAKEFLAGS -u MAKELEVEL make -s deb DEB_FOLDER="$scratch/elsewhere"
if cmp -s "$deb" "$scratch/elsewhere/${deb##*/}"; then
    ok "gives the same bytes"
else
    not_ok "gives the same bytes" "$(sha256sum "$deb" "$scratch/elsewhere/${deb##*/}")"
fi

# The examples for CI servers, by the schemas that these publish.
by_schema() { expect_code 0 "$2 is a $1" "$scratch/venv/bin/check-jsonschema" --builtin-schema "vendor.$1" "$2"; }
expect_code 0 "a validator of schemas" sh -c 'python3 -m venv "$1" && "$1/bin/pip" -q install check-jsonschema' \
    sh "$scratch/venv"
by_schema github-actions action.yml
by_schema github-workflows packaging/github/workflow.yml
by_schema gitlab-ci packaging/gitlab/gitlab-ci.yml

# Its lines are TAP already; the container's are too.
within() { "$@" || failures=$((failures + 1)); }
mkdir "$scratch/bring"
cp "$deb" tests/cli/lib.sh tests/cli/served.sh tests/package/in_bare_machine.sh "$scratch/bring"
within tests/clean-machine --machine "$scratch/debian" --folder "$scratch/bring" ./in_bare_machine.sh
within tests/package/test_container.sh "$scratch/debian"
finish
