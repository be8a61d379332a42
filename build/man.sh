#!/usr/bin/env bash
# Makes manual pages (troff, "man -l FILE") of the pages in docs/ and beside the units, into a folder. Not: other Markdown
# than these pages are written in: headings, paragraphs, lists, tables, code.
# Usage: build/man.sh FOLDER
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${1:?usage: build/man.sh FOLDER}
version=$(sed -n 's/.*<VersionPrefix>\(.*\)<.*/\1/p' "$root/Directory.Build.props")

# page MARKDOWN NAME SECTION "ONE LINE" > TROFF
page() {
    awk -v name="$2" -v section="$3" -v summary="$4" -v version="$version" -f "$root/build/man.awk" "$1"
}

mkdir -p "$target"
page "$root/docs/nbdfast.md" nbdfast 1 "serve disks over the network block device protocol" >"$target/nbdfast.1"
for kind in Plugin Filter; do
    small=${kind,}
    for markdown in "$root/src/${kind}s"/*/*.md; do
        name=$(basename "$markdown" .md)
        page "$markdown" "nbdfast-$name-$small" 1 "nbdfast $name $small" >"$target/nbdfast-$name-$small.1"
    done
done
