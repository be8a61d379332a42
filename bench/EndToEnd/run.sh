#!/usr/bin/env bash
# Measures nbdfast beside the C servers: builds it and the benchmark, then runs that (bench/README.md tells the options).
# Not: tests (test.sh).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

build/tools.sh || echo "endtoend: not all tools could be installed; rows that need them are left out" >&2

# The binary is current if nothing that it is made from is newer.
is_current() {
    [ -x "$1" ] && [ -z "$(find "${@:2}" Directory.*.props global.json -type f -newer "$1" \
        ! -path '*/obj/*' ! -name '*.md' -print -quit)" ]
}

# A thousand connections need as many descriptors, in the servers too.
ulimit -n "$(ulimit -Hn)"

client=bin/nbdfast-endtoend
if ! is_current "$client" bench/EndToEnd src/Core build/native.sh; then
    echo "endtoend: building $client" >&2
    build/native.sh bench/EndToEnd/NbdFast.Bench.EndToEnd.csproj "$client"
    touch "$client"
fi
subject=()
if [[ " $* " != *" --nbdfast"* ]]; then
    if ! is_current bin/nbdfast src build/native.sh; then
        echo "endtoend: building bin/nbdfast" >&2
        build/native.sh
        touch bin/nbdfast
    fi
    subject=(--nbdfast bin/nbdfast)
fi
exec "$client" "${subject[@]}" "$@"
