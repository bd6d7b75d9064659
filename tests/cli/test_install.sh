#!/bin/bash
# make install and uninstall: a tree that works wherever it is, and of which nothing stays.
# flavours: gcc (files in folders)
. "$(dirname "$0")/lib.sh"
repository=$PWD
flavour=${BUILD##*/}

# What was built is installed as it is: other tests run it meanwhile, so nothing may build it anew.
made() {
    env -u MAKEFLAGS -u MAKELEVEL make -s FLAVOUR="$flavour" BUILD="$BUILD" -o "$BUILD/freshcheck" \
        -o "$BUILD/manual/freshcheck.1" -o "$BUILD/completions/freshcheck" "$@"
}

# gcc, libc6-dev and make are there wherever a package is built.
expect_same "the package is built with what install-dependencies lists" \
    "$(sed -n '/^Build-Depends:/,/^[A-Z]/{s/^Build-Depends: \| *\([a-z0-9.+-]*\).*/\1/p}' packaging/debian/control |
        grep -v '^debhelper\|^$' | LC_ALL=C sort)" \
    "$(scripts/install-dependencies --list build install | grep -vx 'gcc\|libc6-dev\|make' | LC_ALL=C sort)"

staged=$scratch/staged
where=(DESTDIR="$staged" PREFIX=/opt/tool)
expect_code 0 "make install puts all of it below DESTDIR and PREFIX" made install "${where[@]}"
expect_same "and says nothing" "$out$err" ""
outside=$(cd "$staged" && find . -type f ! -path './opt/tool/*')
expect_same "nothing is outside of PREFIX" "$outside" ""
names_build=$(cd "$staged" && grep -rlI -e "$repository" -e "$staged" . || true)
expect_same "no text in it names the folder that it was built or staged in" "$names_build" ""
listed=$(scripts/install-files list | wc -l)
expect_same "what is there is what the list says" \
    "$(find "$staged" -type f | wc -l)" "$listed"

# A tree that was staged is taken to where it is used, and there is no source tree beside it.
cp -r "$staged/opt/tool" "$scratch/moved"
mkdir "$scratch/empty"
cd "$scratch/empty" || exit 1
expect_code 0 "the program finds its scenarios in a tree that was moved" \
    "$scratch/moved/bin/freshcheck" run --brief --implementation reference
expect_text "all of them" "$out" "^$(ls "$repository"/scenarios/*.yaml | wc -l) scenarios on"
expect_code 0 "and its museum" "$scratch/moved/bin/freshcheck" list --museum
expect_code 0 "and takes one by its path" "$scratch/moved/bin/freshcheck" run --brief \
    --implementation reference "$scratch/moved/share/freshcheck/scenarios/text_order.yaml"
mkdir "$scratch/lone" && cp "$scratch/moved/bin/freshcheck" "$scratch/lone/"
expect_code 65 "alone it says where it looked for them" "$scratch/lone/freshcheck" run
expect_text "with the path" "$err" "share/freshcheck/scenarios"
mkdir scenarios && cp "$repository/scenarios/text_order.yaml" scenarios/
expect_code 0 "a folder of one's own goes before the installed one" \
    "$scratch/moved/bin/freshcheck" run --brief --implementation reference
expect_text "it has one scenario" "$out" "^1 scenario on"
cd "$repository" || exit 1

# Caches of one's own are compiled against the staged tree by pkg-config, as is done for packages.
staged_config() {
    PKG_CONFIG_PATH=$staged/opt/tool/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$staged pkg-config "$@" freshcheck
}
expect_same "pkg-config knows the version" \
    "freshcheck $(staged_config --modversion)" "$("$FRESHCHECK" --version)"
expect_same "and where the header will be" "$(PKG_CONFIG_PATH=$staged/opt/tool/lib/pkgconfig \
    pkg-config --variable=includedir freshcheck)" /opt/tool/include
cd "$scratch/empty" || exit 1
for example in "$staged"/opt/tool/share/doc/freshcheck/examples/*.c; do
    name=$(basename "$example" .c)
    packages=$(sed -n '1s|^/\* packages: \(.*\) \*/$|\1|p' "$example")
    # shellcheck disable=SC2046,SC2086
    expect_code 0 "$name compiles with what pkg-config says" cc -std=c11 -D_GNU_SOURCE -shared -fPIC \
        $(staged_config --cflags) ${packages:+$(pkg-config --cflags $packages)} -o "$name.so" "$example" \
        ${packages:+$(pkg-config --libs $packages)}
done
rm -r scenarios
expect_code 0 "and the one that is right keeps what the scenarios claim" \
    "$scratch/moved/bin/freshcheck" run --brief --implementation ./fresh_cache.so
cd "$repository" || exit 1

# The program is a file of its own: one that is running is not written into.
before=$(stat -c %i "$staged/opt/tool/bin/freshcheck")
exec 9<"$staged/opt/tool/bin/freshcheck"
expect_code 0 "installing again" env "${where[@]}" BUILD="$BUILD" scripts/install-files install
exec 9<&-
if [ "$before" != "$(stat -c %i "$staged/opt/tool/bin/freshcheck")" ]; then
    ok "puts a new program in the place of the old one"
else
    not_ok "puts a new program in the place of the old one"
fi

echo "somebody's" >"$staged/opt/tool/share/freshcheck/notes"
expect_code 0 "make uninstall" made uninstall "${where[@]}"
expect_same "leaves what it did not bring, and nothing else" \
    "$(cd "$staged" && find . -type f)" "./opt/tool/share/freshcheck/notes"
rm "$staged/opt/tool/share/freshcheck/notes"
expect_code 0 "uninstalling again is no fault" env "${where[@]}" BUILD="$BUILD" scripts/install-files uninstall
expect_same "no folder of freshcheck's own is left" "$(find "$staged" -name '*freshcheck*')" ""
expect_code 0 "nor is uninstalling where nothing ever was" \
    env DESTDIR="$scratch/nowhere" BUILD="$BUILD" scripts/install-files uninstall
finish
