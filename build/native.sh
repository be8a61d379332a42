#!/usr/bin/env bash
# Builds the native binary bin/nbdfast: for net10.0 where its NativeAOT pack can be restored, else for net9.0.
# Not: an ordinary build (dotnet build), tests (test.sh).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

publish() {
    dotnet publish src/Cli/NbdFast.Cli.csproj -c Release -r linux-x64 --nologo -v quiet \
        -p:NbdFlavour=native -p:NbdTargetFramework="$1" -o "artifacts/native/publish-$1"
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
mkdir -p bin
# Moved into place, never written over: a server may be running from the old file.
cp "artifacts/native/publish-$framework/NbdFast.Cli" bin/nbdfast.new
mv -f bin/nbdfast.new bin/nbdfast
