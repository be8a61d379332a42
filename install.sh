#!/usr/bin/env bash
# Installs nbdfast below a prefix: program, manual pages, completion, units for systemd, and a file for each plugin and
# filter where scripts look for them. Builds the program first if it is not there. Not: as "nbdkit"; for that make a link.
# Usage: ./install.sh [PREFIX]          (default: /usr/local; DESTDIR is put before it, as packagers want it)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
prefix=${1:-/usr/local}
[[ $prefix == /* ]] || { echo "install: the prefix must be an absolute path: $prefix" >&2; exit 1; }
prefix=${prefix%/}
to=${DESTDIR:-}$prefix
[ -x "$root/bin/nbdfast" ] || "$root/build/native.sh" >&2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install -D -m 755 "$root/bin/nbdfast" "$to/bin/nbdfast"
"$root/build/man.sh" "$work/man"
for page in "$work"/man/*.1; do
    gzip -9n "$page"
    install -D -m 644 "$page.gz" "$to/share/man/man1/$(basename "$page").gz"
done
install -D -m 644 "$root/packaging/completion.bash" "$to/share/bash-completion/completions/nbdfast"
install -D -m 644 "$root/LICENSE" "$to/share/doc/nbdfast/copyright"
install -D -m 644 "$root/packaging/nbdfast.conf" "$to/share/doc/nbdfast/examples/nbdfast.conf"
install -D -m 644 "$root/packaging/nbdfast.socket" "$to/lib/systemd/system/nbdfast.socket"
sed "s|@bindir@|$prefix/bin|" "$root/packaging/nbdfast.service" >"$work/nbdfast.service"
install -m 644 "$work/nbdfast.service" "$to/lib/systemd/system/nbdfast.service"

# What "nbdkit --dump-config" leads scripts to: a file named after each unit, which may be given instead of its name.
for kind in plugin filter; do
    folder=$to/lib/nbdfast/${kind}s
    mkdir -p "$folder"
    for name in $("$root/bin/nbdfast" --dump-config | sed -n "s/^nbdfast_${kind}s=//p"); do
        ln -sfn ../../../bin/nbdfast "$folder/nbdkit-$name-$kind.so"
    done
done
echo "installed $to/bin/nbdfast; to call it nbdkit as well: ln -s nbdfast $to/bin/nbdkit" >&2
