#!/usr/bin/env bash
# Serves a file with the sh plugin: file=PATH. nbdfast starts this once and sends it all calls; nbdkit runs it for each of
# them. Not: writing.

call() {
    case $1 in
        config)
            [ "$2" = file ] || { echo "EINVAL unknown parameter $2" >&2; return 1; }
            ln -sf "$(realpath "$3")" "$tmpdir/file" ;;
        get_size) stat -Lc %s "$tmpdir/file" ;;
        pread) tail -c +$(($4 + 1)) "$tmpdir/file" | head -c "$3" ;;
        *) return 2 ;;
    esac
}

# The length of each argument is in $2 and so on; head does not read more of a pipe than it was asked for.
next_call() {
    read -r id input lengths || exit 0
    set --
    for length in $lengths; do
        argument=$(head -c "$length"; echo .)
        set -- "$@" "${argument%.}"
    done
    head -c "$input" >"$tmpdir/input"
    call "$@" <"$tmpdir/input" >"$tmpdir/output" 2>"$tmpdir/errors"
    echo "$id $? $(stat -c %s "$tmpdir/output") $(stat -c %s "$tmpdir/errors")"
    cat "$tmpdir/output" "$tmpdir/errors"
}

if [ "$1" != coprocess ]; then
    call "$@"
elif [ -z "$2" ]; then
    echo 1
else
    while :; do next_call; done
fi
