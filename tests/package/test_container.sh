#!/bin/bash
# The image of packaging/container, built by buildah on a Debian made on the spot, does its work.
# usage: tests/package/test_container.sh ROOT      (a bare Debian, as tests/clean-machine leaves it)
. tests/cli/lib.sh
base=docker.io/library/debian:12-slim
image=$(sed -n 's/.*image: //p' packaging/kubernetes/merge-job.yaml)

# Everything of buildah's is in the scratch folder, and nothing is fetched from a registry.
storage=$scratch/storage
own() {
    buildah --root "$storage" --runroot "$scratch/run" --storage-driver vfs "$@"
}
trap 'own rm --all >/dev/null 2>&1; own rmi --all --force >/dev/null 2>&1; rm -rf "$scratch"' EXIT

make_base() {
    local container
    container=$(own from scratch) && own add --quiet "$container" "$1" / &&
        own commit --quiet --rm "$container" "$base"
}
expect_code 0 "a base image is made" make_base "$1"
context=$scratch/context
mkdir "$context"
tar -x -f build/freshcheck-*.tar.gz --strip-components=1 -C "$context"
expect_code 0 "the image is built from what make dist packs" own bud --pull-never --isolation chroot \
    -f "$context/packaging/container/Containerfile" -t "$image" "$context"
tail -n 3 "$scratch/err" | sed 's/^/# /'

member() { own inspect --type image --format "{{$1}}" "$image"; }
expect_same "it runs as no privileged user" "$(member .OCIv1.Config.User)" 10001:10001
expect_same "and starts freshcheck" "$(member .OCIv1.Config.Entrypoint)" "[freshcheck]"

container=$(own from --pull-never "$image")
in_image() { own run --isolation chroot "$container" -- "$@"; }
expect_code 0 "run finds its scenarios" in_image freshcheck run --brief --implementation reference
expect_text "all are as expected" "$out" "all as expected"
expect_code 0 "it has the shell that the manifests want" in_image /bin/sh -c 'test "$(id -u)" = 10001'
expect_code 127 "and no compiler" in_image /bin/sh -c 'gcc --version 2>/dev/null || exit 127'


# What the file's own first lines say, with buildah for podman.
mounted=$scratch/mounted
mkdir "$mounted"
cp tests/recordings/1.18.1/trigger-then-read.jsonl "$mounted/session.jsonl"
expect_code 1 "a recording that is mounted is judged" own run --isolation chroot \
    -v "$mounted:/work:ro" "$container" -- freshcheck check --brief session.jsonl
finish
