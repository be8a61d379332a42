#!/usr/bin/env bash
# Makes the NuGet packages with which others write plugins, filters and programs that serve them. Not: publishing them.
# Usage: build/pack.sh [FOLDER]          (default: artifacts/packages)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-$root/artifacts/packages}
# A flavour of its own, so that this never meets another build of the same sources. Each waits for those it refers to.
for project in Core Plugins Filters Cli; do
    dotnet pack "$root/src/$project" -c Release -o "$folder" --nologo -v quiet \
        --disable-build-servers -p:UseSharedCompilation=false -p:NbdFlavour=package
done
