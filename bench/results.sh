#!/usr/bin/env bash
# Makes and prints the folder for results of this machine: bench/Results/<CPU model>/NAME. Not: running anything.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
name=${1:?usage: bench/results.sh NAME}
slug=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1 | tr '[:upper:]' '[:lower:]' \
    | sed -E 's/[^a-z0-9]+/-/g; s/^-+|-+$//g')
folder=bench/Results/${slug:-unknown-cpu}/$name
mkdir -p "$folder"
echo "$folder"
