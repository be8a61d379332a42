#!/usr/bin/env bash
# Installs the Debian packages that building and testing need and that are missing. Not: the .NET SDK, which must be there.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
export PATH=$PATH:/usr/sbin:/sbin

# What must be there, and the package that has it: a command, or a file by its path.
needs="
gcc gcc
/usr/include/zlib.h zlib1g-dev
git git
nbdinfo libnbd-bin
nbdcopy libnbd-bin
nbdfuse nbdfuse
/usr/lib/python3/dist-packages/nbd.py python3-libnbd
nbdkit nbdkit
qemu-nbd qemu-utils
nbd-server nbd-server
gnuplot gnuplot-nox
nbd-client nbd-client
qemu-img qemu-utils
qemu-io qemu-utils
qemu-system-x86_64 qemu-system-x86
fio fio
mkfs.ext4 e2fsprogs
debugfs e2fsprogs
mkfs.vfat dosfstools
mkfs.xfs xfsprogs
sfdisk fdisk
xorriso xorriso
genisoimage genisoimage
busybox busybox-static
cpio cpio
mount mount
losetup mount
sgdisk gdisk
mdir mtools
fsck.vfat dosfstools
setsid util-linux
unshare util-linux
/usr/lib/x86_64-linux-gnu/libzstd.so.1 libzstd1
script bsdutils
strace strace
setpriv util-linux
man man-db
systemd-analyze systemd
ss iproute2
checkpolicy checkpolicy
/etc/services netbase
xinetd xinetd
certtool gnutls-bin
/usr/include/x86_64-linux-gnu/curl/curl.h libcurl4-openssl-dev
curl curl
nginx nginx-light
/usr/lib/python3/dist-packages/pyftpdlib/__init__.py python3-pyftpdlib
sshd openssh-server
ssh-agent openssh-client
/usr/include/libssh/libssh.h libssh-dev
"

missing=()
while read -r what package; do
    [ -n "$what" ] || continue
    case $what in
        /*) [ -e "$what" ] || missing+=("$package") ;;
        *) command -v "$what" >/dev/null || missing+=("$package") ;;
    esac
done <<<"$needs"
[ ${#missing[@]} -gt 0 ] || exit 0

mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
command -v apt-get >/dev/null || { echo "tools: please install: ${missing[*]}" >&2; exit 1; }
sudo=()
[ "$(id -u)" = 0 ] || sudo=(sudo)
echo "tools: installing ${missing[*]}" >&2
install() {
    # In this runlevel packages do not start the services that they bring.
    "${sudo[@]}" env RUNLEVEL=1 apt-get -q -y install --no-install-recommends "${missing[@]}" </dev/null >&2
}
# The lists of a fresh machine may be missing or old.
install || { "${sudo[@]}" apt-get -q update </dev/null >&2 && install; }
