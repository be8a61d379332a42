#!/usr/bin/env bash
# Builds a native binary: for net10.0 where its NativeAOT pack can be restored, else for net9.0. Without arguments it is
# bin/nbdfast; "native.sh PROJECT BINARY" builds another (bench/). Not: an ordinary build (dotnet build), tests (test.sh).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
project=${1:-src/Program/NbdFast.Program.csproj}
binary=${2:-bin/nbdfast}
assembly=$(basename "$project" .csproj)

publish() {
    dotnet publish "$project" -c Release -r linux-x64 --nologo -v quiet \
        -p:NbdFlavour=native -p:NbdTargetFramework="$1" -o "artifacts/native/publish-$assembly-$1"
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
framework=net10.0
if ! publish net10.0 >"$log" 2>&1; then
    if ! grep -q 'NU1101.*NativeAOT\|NU1102.*NativeAOT\|NU1101.*ILCompiler\|NU1102.*ILCompiler' "$log"; then
        cat "$log" >&2
        exit 1
    fi
    echo "build: no NativeAOT pack for net10.0 here, building for net9.0" >&2
    framework=net9.0
    publish net9.0 >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
fi
mkdir -p "$(dirname "$binary")"
# Moved into place, never written over: a server may be running from the old file.
cp "artifacts/native/publish-$assembly-$framework/$assembly" "$binary.new"
mv -f "$binary.new" "$binary"
