#!/usr/bin/env bash
# Runs those tests of a project that have been built as an ordinary user, for test.sh that root runs; those that need root
# or the whole checkout are left out. They run from a copy, for the checkout may be where that user may not look.
# Usage: tests/as-user.sh PROJECT RESULTS (a path for the .trx). With --can: whether there can be such a run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
user=65534   # nobody, and below nogroup: everywhere, and owner of nothing.

as_user() {
    env HOME="$copy/home" DOTNET_CLI_HOME="$copy/home" setpriv --reuid=$user --regid=$user --clear-groups "$@"
}

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
chmod 755 "$copy"
mkdir -p "$copy"/{home,results,tests/bin,tests/docs}
chown $user:$user "$copy"/{home,results}
if [ "$1" = --can ]; then
    as_user dotnet --version >/dev/null 2>&1
    exit
fi

project=$1 results=$2
cp "$root/NbdFast.sln" "$copy/tests/"
cp "$root/docs/parity.md" "$copy/tests/docs/"
cp "$root/bin/nbdfast" "$copy/tests/bin/"
cp -r "$root/artifacts/managed/bin/NbdFast.$project/debug" "$copy/tests/$project"
chmod -R go+rX "$copy/tests"
code=0
(cd "$copy/results" && as_user dotnet vstest "$copy/tests/$project/NbdFast.$project.dll" \
    --TestCaseFilter:'Needs!=root&Needs!=checkout' \
    --logger:'trx;LogFileName=run.trx' --ResultsDirectory:"$copy/results") || code=$?
[ ! -f "$copy/results/run.trx" ] || cp "$copy/results/run.trx" "$results"
exit $code
