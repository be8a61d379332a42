#!/usr/bin/env bash
# Makes the Debian package artifacts/nbdfast_VERSION_ARCHITECTURE.deb from what install.sh installs. Its last line of output
# is the path. Not: a source package.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
version=$(sed -n 's/.*<VersionPrefix>\(.*\)<.*/\1/p' "$root/Directory.Build.props")
architecture=$(dpkg --print-architecture)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

DESTDIR=$tree "$root/install.sh" /usr
chmod 755 "$tree"
mkdir -p "$tree/DEBIAN"
cat >"$tree/DEBIAN/control" <<CONTROL
Package: nbdfast
Version: $version
Architecture: $architecture
Maintainer: The NbdFast authors <maintainers@nbdfast.invalid>
Section: net
Priority: optional
Depends: libc6
Recommends: libcurl4, libgnutls30, libssh-4, libzstd1
Suggests: libnbd-bin, qemu-utils
Installed-Size: $(du -sk --exclude=DEBIAN "$tree" | cut -f1)
Description: fast network block device server with plugins and filters
 Serves disks over the network block device protocol (NBD): files, memory,
 test patterns and more, each with filters over it. The command line is that
 of nbdkit.
CONTROL
(cd "$tree" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
mkdir -p "$root/artifacts"
package=$root/artifacts/nbdfast_${version}_${architecture}.deb
dpkg-deb --root-owner-group --build "$tree" "$package" >&2
echo "$package"
