#!/usr/bin/env bash
# Builds everything and passes the tests: all of them, or those of the projects named (./test.sh Tidy Interop@epoll).
# Its last line is "N passed, N failed, N skipped". Not: benchmarks (bench/).
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
results=artifacts/test-results
patience=1800   # Seconds for one project: several times what the slowest needs.

say() { echo "test: $*" >&2; }

# Ends with the counts of a run that could not even begin.
give_up() {
    say "$*"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
}

# Runs a step with its output in a file, which is shown if it fails.
step() {
    local name=$1 started=$SECONDS
    shift
    if "$@" </dev/null >"$results/$name.log" 2>&1; then
        say "$name: done in $((SECONDS - started)) s"
    else
        cat "$results/$name.log" >&2
        return 1
    fi
}

# A run is a project, or those of its tests that meet a server, with another driver: PROJECT@DRIVER (docs/drivers.md), or
# those of its tests that need no root, as an ordinary user: PROJECT@user.
run_project() {
    local run=$1 project=${1%@*} driver=${1#*@} started=$SECONDS filter=() environment=()
    if [ "$driver" = user ]; then
        timeout --kill-after=30 "$patience" tests/as-user.sh "$project" "$PWD/$results/$run.trx" \
            </dev/null >"$results/$run.log" 2>&1
        echo "$? $((SECONDS - started))" >"$results/$run.end"
        return
    fi
    if [ "$driver" != "$run" ]; then
        environment=(NBDFAST_TEST_IO="${driver%-lazy}")
        [ "$driver" = "${driver%-lazy}" ] || environment+=(NBDFAST_TEST_MAYBLOCK=1)
        [ "$project" != Core.Tests ] || filter=(--filter 'FullyQualifiedName~Core.Tests.Server')
        # What is installed and packed, and what guests do with a server, does not depend on how connections are served.
        [ "$project" != Interop ] || filter=(--filter "$(printf '&FullyQualifiedName!~%s' \
            InstallTests PackageTests GuestServerTests | cut -c2-)")
    fi
    env "${environment[@]}" timeout --kill-after=30 "$patience" \
        dotnet test "tests/$project" --no-build --nologo "${filter[@]}" \
        --logger "trx;LogFileName=$run.trx" --results-directory "$results" </dev/null >"$results/$run.log" 2>&1
    echo "$? $((SECONDS - started))" >"$results/$run.end"
}

# Reads an attribute of the results' counters; 0 if there are no results.
count() { sed -n 's/.*<Counters [^>]*\b'"$2"'="\([0-9]*\)".*/\1/p' "$results/$1.trx" 2>/dev/null | grep . || echo 0; }

command -v dotnet >/dev/null || give_up "the .NET SDK 10 is missing"
mkdir -p "$results"
rm -f "$results"/*
build/tools.sh || give_up "not all tools could be installed"

projects=()
for file in tests/*/*.csproj; do
    grep -q '<IsTestProject>false' "$file" || projects+=("$(basename "$(dirname "$file")")")
done
if [ $# -gt 0 ]; then
    for name in "$@"; do
        [[ " ${projects[*]} " == *" ${name%@*} "* ]] || give_up "no project $name; there are: ${projects[*]}"
    done
    projects=("$@")
else
    for driver in epoll uring threads-lazy epoll-lazy; do
        projects+=("Core.Tests@$driver" "Interop@$driver")
    done
    # Whoever is not root has run them as an ordinary user already.
    if [ "$(id -u)" = 0 ]; then
        if tests/as-user.sh --can; then
            projects+=("Interop@user" "Parity@user")
        else
            say "nothing runs as an ordinary user: nobody but root can run $(command -v dotnet)"
        fi
    fi
fi

step build dotnet build NbdFast.sln --nologo -v quiet -warnaserror || give_up "the build failed"
step format dotnet format NbdFast.sln --verify-no-changes --no-restore || give_up "run: dotnet format NbdFast.sln"
step native build/native.sh || give_up "the native build failed"
if [[ " ${projects[*]}" == *" Interop"* ]]; then
    step guest build/guest.sh || give_up "the guest of the tests could not be made"
fi

# Two at a time: the long ones mostly wait for their servers.
for name in "${projects[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
    run_project "$name" &
done
wait

passed=0 failed=0 skipped=0
for name in "${projects[@]}"; do
    read -r code seconds <"$results/$name.end"
    total=$(count "$name" total) p=$(count "$name" passed) f=$(count "$name" failed)
    verdict=
    if [ "$total" = 0 ]; then
        verdict=", which is a failure: no test ran" f=1 total=1
    elif [ "$code" != 0 ] && [ "$f" = 0 ]; then
        verdict=", but the run ended with $code" f=1 total=$((total + 1))
    fi
    s=$((total - p - f))
    say "$name: $p passed, $f failed, $s skipped in $seconds s$verdict"
    [ "$f" = 0 ] || grep -vE '^ +at |\[FAIL\]|\[SKIP\]' "$results/$name.log" | tail -n 400 >&2
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
