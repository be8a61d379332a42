#!/usr/bin/env bash
# Makes the guest of tests/Interop: Debian's kernel, unpacked and not installed, and an initramfs of busybox, mke2fs, NBD
# clients and a few modules, below artifacts/guest/. Not: running it, nor nbdfast, which a test adds (tests/Interop/Guest).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=$root/artifacts/guest
init=$root/tests/Interop/Guest/init
[ -f "$target/initramfs" ] && [ "$target/initramfs" -nt "$init" ] && [ "$target/initramfs" -nt "$0" ] && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The user that apt downloads as must be able to write here, or it complains.
chmod 755 "$work"
mkdir -p "$target"
if [ ! -f "$target/linux.deb" ]; then
    # The lists of a fresh machine may be missing.
    apt-cache show linux-image-cloud-amd64 >/dev/null 2>&1 || apt-get -q update >&2
    package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
    [ -n "$package" ] || { echo "guest: Debian has no linux-image-cloud-amd64 any more" >&2; exit 1; }
    (cd "$work" && { apt-get -q -o APT::Sandbox::User=root download "$package" ||
        { apt-get -q update && apt-get -q -o APT::Sandbox::User=root download "$package"; }; } >&2)
    mv "$work"/*.deb "$target/linux.deb"
fi
dpkg -x "$target/linux.deb" "$work/kernel"

tree=$work/tree
mkdir -p "$tree"/{bin,dev,etc,proc,sys,tmp,run,modules}
cp "$init" "$tree/init"
chmod 755 "$tree/init"
cp "$(command -v busybox)" "$tree/bin/busybox"
for applet in sh mount insmod echo cat grep mkdir seq sync rm cmp poweroff head sleep kill readlink ifconfig wc dd \
    mkswap swapon swapoff cut; do
    ln -s busybox "$tree/bin/$applet"
done

# A program with its libraries, each at its own place.
add() {
    local program
    program=$(PATH=$PATH:/usr/sbin:/sbin command -v "$1")
    cp "$program" "$tree/bin/$1"
    ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
        mkdir -p "$tree$(dirname "$library")"
        cp -Ln "$library" "$tree$library"
    done
}

add mkfs.ext4   # The real one: that of busybox makes ext2 only.
cp /etc/mke2fs.conf "$tree/etc/"
for program in nbdinfo nbdcopy nbd-client systemd-socket-activate; do
    add $program
done
for module in virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk \
    vsock vmw_vsock_virtio_transport_common vsock_loopback nbd; do
    find "$work/kernel/lib/modules" -name "$module.ko" -exec cp {} "$tree/modules/" \;
done
cp "$work"/kernel/boot/vmlinuz-* "$target/vmlinuz"
(cd "$tree" && find . | cpio --quiet -o -H newc | gzip -1) >"$work/initramfs"
mv "$work/initramfs" "$target/initramfs"
