#!/bin/sh
# Looks for a QEMU whose Raspberry Pi has an I2C controller: 9 or newer. Where this machine's own is older,
# Debian's backports of this machine's release are asked for one; it is unpacked into the cache, and nothing
# is installed.
#
#   qemu.sh CACHE
#
# The last line is the directory below which it lies, "/" for the machine's own. Exit code 3: there is none.
set -eu
cache=$1
has_i2c() {
  "$@" --version 2>/dev/null | sed -n '1s/.*version \([0-9]*\).*/\1/p' | grep -qE '^(9|[1-9][0-9])$'
}
if has_i2c qemu-system-aarch64; then
  echo /
  exit 0
fi
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
exec 8>"$cache/qemu.lock"
flock 8
home=$cache/qemu
if [ ! -d "$home" ]; then
  echo "step QEMU: Debian's backports are asked for a newer one"
  . /etc/os-release
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
    sed -n "s# ${VERSION_CODENAME:-none}\$##p" | head -n 1)
  [ -n "$mirror" ] || { echo "this machine's package sources are not of a release of Debian" >&2; exit 3; }
  host=$(dpkg --print-architecture)
  apt=$cache/apt-qemu
  mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
  echo "deb $mirror $VERSION_CODENAME-backports main" >"$apt/sources.list"
  cat >"$apt/apt.conf" <<CONF
#clear APT::Architectures;
APT::Architecture "$host";
APT::Architectures { "$host"; };
APT::Sandbox::User "";
Acquire::Languages "none";
Dir::State "$apt/state";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
CONF
  export APT_CONFIG="$apt/apt.conf"
  apt-get -qq -o APT::Update::Error-Mode=any update >&2 || { echo "[$VERSION_CODENAME-backports] cannot be reached" >&2; exit 3; }
  rm -rf "$home.part" "$apt/new"
  mkdir -p "$home.part" "$apt/new"
  (cd "$apt/new" && for p in qemu-system-arm qemu-system-common qemu-system-data; do
    apt-get -qq download "$p/$VERSION_CODENAME-backports" >&2
  done) || { echo "[$VERSION_CODENAME-backports] has no QEMU" >&2; exit 3; }
  for p in "$apt/new"/*.deb; do dpkg-deb -x "$p" "$home.part"; done
  find "$home.part/usr/bin" -type f ! -name qemu-system-aarch64 -delete
  rm -rf "$apt"
  mv "$home.part" "$home"
fi
has_i2c "$home/usr/bin/qemu-system-aarch64" ||
  { echo "the QEMU of Debian's backports does not run here: $("$home/usr/bin/qemu-system-aarch64" --version 2>&1 | head -n 1)" >&2; exit 3; }
echo "$home"
