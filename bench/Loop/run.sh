#!/usr/bin/env bash
# Measures the whole server over connections in memory, about half a minute, and stores the table; with "show" it only
# prints it. Not: sockets, other servers (bench/EndToEnd).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
dotnet build bench/Loop -c Release --nologo -v quiet
table=$(mktemp)
trap 'rm -f "$table"' EXIT
dotnet run --project bench/Loop -c Release --no-build | tee "$table"
if [ "${1:-store}" != show ]; then
    folder=$(bench/results.sh Loop)
    cp "$table" "$folder/Loop.md"
    chmod 644 "$folder/Loop.md"
    echo "stored in $folder/Loop.md" >&2
fi
