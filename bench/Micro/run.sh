#!/usr/bin/env bash
# Runs the micro benchmarks: all of them (about four minutes), and stores their tables; or those whose name matches
# (bench/Micro/run.sh '*Store*'), and only shows them. Not: comparisons with other servers (bench/EndToEnd).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
dotnet build bench/Micro -c Release --nologo -v quiet
run=(dotnet run --project bench/Micro -c Release --no-build --)
if [ $# -gt 0 ]; then
    "${run[@]}" show "$@"
else
    "${run[@]}" store "$(bench/results.sh Micro)"
fi
