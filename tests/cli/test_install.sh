#!/bin/bash
# make install and uninstall: a tree that works wherever it is, and of which nothing stays.
. "$(dirname "$0")/lib.sh"
repository=$PWD
flavour=${BUILD##*/}

install_into() { make -s FLAVOUR="$flavour" BUILD="$BUILD" "$@"; }

staged=$scratch/staged
expect_code 0 "make install puts all of it below DESTDIR and PREFIX" \
    install_into install DESTDIR="$staged" PREFIX=/opt/tool
expect_same "and says nothing" "$out$err" ""
outside=$(cd "$staged" && find . -type f ! -path './opt/tool/*')
expect_same "nothing is outside of PREFIX" "$outside" ""
names_build=$(cd "$staged" && grep -rlI -e "$repository" -e "$staged" . || true)
expect_same "no text in it names the folder that it was built or staged in" "$names_build" ""
listed=$(scripts/install-files list | wc -l)
expect_same "what is there is what the list says" \
    "$(find "$staged" -type f | wc -l)" "$listed"

# A tree that was staged is moved to where it is used, and there is no source tree beside it.
mv "$staged/opt/tool" "$scratch/moved"
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

# Caches of one's own are compiled against the installed tree, and nothing else.
prefix=$scratch/prefix
expect_code 0 "make install into a PREFIX alone" install_into install PREFIX="$prefix"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
expect_same "pkg-config knows the version" \
    "freshcheck $(pkg-config --modversion freshcheck)" "$("$FRESHCHECK" --version)"
expect_same "and where the header is" "$(pkg-config --variable=includedir freshcheck)" \
    "$prefix/include"
cd "$scratch/empty" || exit 1
for example in "$prefix"/share/doc/freshcheck/examples/*.c; do
    name=$(basename "$example" .c)
    packages=$(sed -n '1s|^/\* packages: \(.*\) \*/$|\1|p' "$example")
    # shellcheck disable=SC2046,SC2086
    expect_code 0 "$name compiles with what pkg-config says" cc -std=c11 -D_GNU_SOURCE -shared -fPIC \
        $(pkg-config --cflags freshcheck $packages) -o "$name.so" "$example" \
        $(pkg-config --libs freshcheck $packages)
done
rm -r scenarios
expect_code 0 "and the one that is right keeps what the scenarios claim" \
    "$prefix/bin/freshcheck" run --brief --implementation ./fresh_cache.so
cd "$repository" || exit 1

echo "somebody's" >"$prefix/share/freshcheck/notes"
expect_code 0 "make uninstall" install_into uninstall PREFIX="$prefix"
expect_same "leaves what it did not bring, and nothing else" \
    "$(cd "$prefix" && find . -type f)" "./share/freshcheck/notes"
rm "$prefix/share/freshcheck/notes"
expect_code 0 "make uninstall again is no fault" install_into uninstall PREFIX="$prefix"
expect_same "no folder of freshcheck's own is left" "$(find "$prefix" -name '*freshcheck*')" ""
finish
