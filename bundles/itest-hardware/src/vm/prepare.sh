#!/bin/sh
# Downloads, builds and caches what the virtual machine is made of: Debian's arm64 kernel, the simulated
# hardware as kernel modules, a root file system with a Java. Needs no root and leaves the machine alone:
# apt works in a state of its own, with this machine's own package sources.
#
#   prepare.sh CACHE KERNEL_SOURCES USERLAND [refresh]
#
# USERLAND is arm64 or armhf: of which architecture all is that runs on the kernel, which is arm64.
# Says what it does, one line a step; the last line is the directory that holds
#   vmlinuz, modules/ (*.ko, and "order" in which they are loaded), base-USERLAND.img, busybox-USERLAND, sysroot/
# "refresh" asks the package sources whether there is a newer kernel, and newer packages. Exit code 3: what is
# needed is not in the package sources, or they cannot be reached.
set -eu
cache=$1
sources=$2
userland=$3
refresh=${4:-}
tools='apt-get apt-cache dpkg-deb aarch64-linux-gnu-gcc make tar xz mke2fs flock'
for tool in $tools; do
  command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin:/sbin
done
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
exec 9>"$cache/lock"
flock 9
step() { printf 'step %s\n' "$*"; }

# --- apt, privately: an empty status; a state of its own for each of the two architectures
host=$(dpkg --print-architecture)
apt_of() { # apt_of DIR ARCHITECTURE...: apt is as on a machine of the first one
  mkdir -p "$1/state/lists/partial" "$1/cache/archives/partial" "$cache/deb"
  : >"$1/status"
  cat >"$1/apt.conf" <<CONF
#clear APT::Architectures;
APT::Architecture "$2";
APT::Architectures { $(shift; printf '"%s"; ' "$@")};
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Dir::State "$1/state";
Dir::State::status "$1/status";
Dir::Cache "$1/cache";
CONF
  export APT_CONFIG="$1/apt.conf"
}
apt_of_kernel() { apt_of "$cache/apt" arm64 "$host"; }
apt_of_userland() { if [ "$userland" = arm64 ]; then apt_of_kernel; else apt_of "$cache/apt-$userland" "$userland"; fi; }
absent() {
  echo "$*" >&2
  exit 3
}
newest() { apt-cache depends "$1" 2>/dev/null | sed -n 's/.*Depends: \([^ <]*\)$/\1/p' | grep -E "$2" | head -n 1; }
read_lists() {
  step "packages: reading the lists for $1"
  apt-get -qq -o APT::Update::Error-Mode=any update >&2 || step "packages: not all lists can be had; what the others have is taken"
  jre=$(newest default-jre-headless '^openjdk-')
  [ -n "$jre" ] || absent "package default-jre-headless for [$1] is not in what can be had of this machine's package sources"
  # What Java and udev need, as apt finds it; of it the libraries, and no more.
  wanted=$(apt-get install -s -q "$jre" udev busybox-static | sed -n 's/^Inst \([^ ]*\) .*/\1/p' |
    grep -E "^(lib|zlib1g|udev$|busybox-static$|$jre$)" | sort -u | xargs)
}
is_read() { [ -z "$refresh" ] && grep -q "^format=$format$" "$1" 2>/dev/null; }

format=2 # of the files "packages…": another one is read anew
packages=$cache/packages
if ! is_read "$packages"; then
  apt_of_kernel
  read_lists arm64
  image=$(newest linux-image-arm64 '^linux-image-')
  [ -n "$image" ] || absent "package linux-image-arm64 is not in what can be had of this machine's package sources"
  printf 'format=%s\nkernel=%s\nbase="%s"\n' $format "${image#linux-image-}" "$wanted" >"$packages.part"
  mv "$packages.part" "$packages"
fi
. "$packages"
if [ "$userland" != arm64 ]; then
  packages=$cache/packages-$userland
  if ! is_read "$packages"; then
    apt_of_userland
    read_lists "$userland"
    printf 'format=%s\nbase="%s"\n' $format "$(printf "%s:$userland " $wanted)" >"$packages.part"
    mv "$packages.part" "$packages"
  fi
  . "$packages"
fi
short=${kernel%-arm64}
series=$(printf %s "$kernel" | cut -d. -f1,2)
home=$cache/$kernel
mkdir -p "$home"

# Downloads packages that are not there yet into deb/NAME.deb; of another userland into deb/NAME:ARCHITECTURE.deb.
fetch() {
  missing=
  for p in "$@"; do [ -s "$cache/deb/$p.deb" ] || missing="$missing $p"; done
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086
  (mkdir -p "$cache/deb/new" && cd "$cache/deb/new" && apt-get -qq download $missing >&2) ||
    absent "packages [${missing# }] cannot be downloaded from this machine's package sources; where those are newer than the lists, --refresh helps"
  for p in $missing; do
    mv "$cache/deb/new/${p%%:*}"_*.deb "$cache/deb/$p.deb"
  done
}

# --- the kernel's image and the modules that Debian ships
unpack_kernel() {
  [ ! -d "$home/image" ] || return 0
  fetch "linux-image-$kernel"
  dpkg-deb -x "$cache/deb/linux-image-$kernel.deb" "$home/image"
  cp "$home/image/boot/vmlinuz-$kernel" "$home/vmlinuz"
  dtb=$(find "$home/image" -name bcm2837-rpi-3-b.dtb | head -n 1)
  [ -z "$dtb" ] || cp "$dtb" "$home/"
}

# --- our modules, and gpio-sim from Debian's source of the same kernel
build_modules() {
  stamp=$(cat "$sources"/*.c "$sources/Makefile" "$0" | sha256sum | cut -c1-16)
  [ "$(cat "$home/modules.stamp" 2>/dev/null)" != "$stamp" ] || return 0
  build=$home/build
  if [ ! -s "$build/irq_sim.c" ]; then
    fetch "linux-headers-$kernel" "linux-headers-$short-common" "linux-kbuild-$series:$host" "linux-source-$series"
    step "kernel sources: unpacking"
    rm -rf "$build"
    mkdir -p "$build/headers" "$build/tree"
    for p in "linux-headers-$kernel" "linux-headers-$short-common" "linux-kbuild-$series:$host"; do
      dpkg-deb -x "$cache/deb/$p.deb" "$build/headers"
    done
    sed -i "s#include /usr/src/#include $build/headers/usr/src/#" "$build/headers/usr/src/linux-headers-$kernel/Makefile"
    d=linux-source-$series
    { dpkg-deb --fsys-tarfile "$cache/deb/linux-source-$series.deb" 2>/dev/null |
      tar -xO --wildcards './usr/src/*.tar.xz' 2>/dev/null | xz -dc -T0 2>/dev/null |
      tar -x --occurrence=1 --strip-components=1 -C "$build/tree" \
        "$d/drivers/gpio/gpio-sim.c" "$d/drivers/gpio/gpiolib.h" "$d/kernel/irq/irq_sim.c"; } || true
    # Debian has gpio-sim off, and with it irq_sim, which is no module by itself.
    sed -e 's/handle_simple_irq(irq_to_desc(irqnum))/generic_handle_irq(irqnum)/' \
      -e 's/#include <linux\/irq_work.h>/&\n#include <linux\/module.h>/' \
      "$build/tree/kernel/irq/irq_sim.c" >"$build/irq_sim.part"
    echo 'MODULE_LICENSE("GPL");' >>"$build/irq_sim.part"
    mv "$build/irq_sim.part" "$build/irq_sim.c"
  fi
  step "kernel modules: building for $kernel"
  mod=$build/mod
  rm -rf "$mod"
  mkdir -p "$mod"
  cp "$sources"/*.c "$sources/Makefile" "$build/irq_sim.c" "$build/tree/drivers/gpio"/* "$mod/"
  DEB_BUILD_ARCH=$host DEB_HOST_ARCH=arm64 DEB_HOST_GNU_TYPE=aarch64-linux-gnu \
    make -s -j2 -C "$build/headers/usr/src/linux-headers-$kernel" ARCH=arm64 \
    CROSS_COMPILE=aarch64-linux-gnu- M="$mod" modules >"$build/make.log" 2>&1 ||
    { tail -n 30 "$build/make.log" >&2; exit 4; }
  unpack_kernel
  order_modules
  rm -rf "$mod"
  echo "$stamp" >"$home/modules.stamp"
}

# Copies a module and what it depends on, dependencies first, into modules/.
add_module() {
  name=$(printf %s "$1" | tr - _)
  case " $added " in *" $name "*) return 0 ;; esac
  file=$(find "$home/build/mod" "$home/image/lib/modules" "$home/image/usr/lib/modules" -name '*.ko*' 2>/dev/null |
    awk -F/ -v n="$name" '{ f = $NF; sub(/\.ko.*/, "", f); gsub(/-/, "_", f); if (f == n) { print; exit } }')
  if [ -z "$file" ]; then
    find "$home/image" -name modules.builtin -exec cat {} + | tr - _ | grep -q "/$name\.ko$" && return 0
    echo "kernel [$kernel] has no module [$name], nor is it built in" >&2
    exit 4
  fi
  added="$added $name"
  case $file in
    *.xz) xz -dc "$file" >"$home/modules.part/$name.ko" ;;
    *) cp "$file" "$home/modules.part/$name.ko" ;;
  esac
  aarch64-linux-gnu-strip -g "$home/modules.part/$name.ko"
  for d in $(tr '\0' '\n' <"$home/modules.part/$name.ko" | grep -a -m 1 '^depends=' | sed 's/^depends=//; s/,/ /g'); do
    add_module "$d" # overwrites name
  done
  printf '%s\n' "$1" | tr - _ >>"$home/modules.part/order"
}

order_modules() {
  rm -rf "$home/modules.part"
  mkdir -p "$home/modules.part"
  added=
  : >"$home/modules.part/order"
  # The machine's disks, net and channel; then what the simulated hardware stands on; then itself.
  for m in virtio_pci virtio_blk virtio_net virtio_console crc32c_generic ext4 configfs i2c-dev irq_sim \
    gpio-sim wire w1_therm lm75 bh1750 i2c-bcm2835 hwsim_i2c hwsim_spi hwsim_w1; do
    add_module "$m"
  done
  rm -rf "$home/modules"
  mv "$home/modules.part" "$home/modules"
}

# --- the root file system: Java, libc, busybox, udev; no more
build_base() {
  stamp=$(cat "$0" "$packages" | sha256sum | cut -c1-16)
  [ "$(cat "$home/base-$userland.stamp" 2>/dev/null)" != "$stamp" ] || return 0
  # shellcheck disable=SC2086
  (apt_of_userland; fetch $base)
  step "root file system for $userland: building"
  root=$home/root
  rm -rf "$root"
  mkdir -p "$root"
  for p in $base; do dpkg-deb -x "$cache/deb/$p.deb" "$root"; done
  for d in bin sbin lib; do # one /usr, as Debian has it
    [ -d "$root/$d" ] && [ ! -L "$root/$d" ] && mkdir -p "$root/usr/$d" && cp -a "$root/$d/." "$root/usr/$d/" &&
      rm -rf "${root:?}/$d"
    mkdir -p "$root/usr/$d"
    ln -sfn "usr/$d" "$root/$d"
  done
  for b in sh ln mkdir cat; do ln -sfn busybox "$root/usr/bin/$b"; done
  java=$(basename "$(ls -d "$root/usr/lib/jvm"/java-*-openjdk-"$userland")")
  cp "$root/usr/lib/jvm/$java/lib/jvm.cfg-default" "$root/etc/${java%-"$userland"}/jvm-$userland.cfg"
  ln -sfn "$java" "$root/usr/lib/jvm/default"
  rm -rf "$root/usr/share" "$root/var"
  mkdir -p "$root/proc" "$root/sys" "$root/dev" "$root/run" "$root/tmp" "$root/home" "$root/product" "$root/var"
  printf 'root:x:0:0::/root:/bin/sh\ngateway:x:1000:1000::/home/gateway:/bin/sh\n' >"$root/etc/passwd"
  {
    printf 'root:x:0:\ngateway:x:1000:\n'
    id=101
    for g in tty disk kmem input render sgx kvm lp cdrom tape audio video dialout gpio i2c spi; do
      case $g in dialout | gpio | i2c | spi) m=gateway ;; *) m= ;; esac
      printf '%s:x:%s:%s\n' "$g" $id "$m"
      id=$((id + 1))
    done
  } >"$root/etc/group"
  printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
  chmod -R a+rX "$root"
  : >"$home/base-$userland.part"
  mke2fs -q -t ext4 -O ^has_journal,^resize_inode -m 0 -E root_owner=0:0 -d "$root" "$home/base-$userland.part" \
    "$(($(du -sm "$root" | cut -f1) * 5 / 4 + 16))M"
  mv "$home/base-$userland.part" "$home/base-$userland.img"
  cp "$root/usr/bin/busybox" "$home/busybox-$userland"
  rm -rf "$root"
  echo "$stamp" >"$home/base-$userland.stamp"
}

# --- libc's headers and archives, for programs in C that run in the machine
unpack_sysroot() {
  [ ! -d "$home/sysroot" ] || return 0
  fetch libc6-dev linux-libc-dev
  rm -rf "$home/sysroot.part"
  for p in libc6-dev linux-libc-dev; do dpkg-deb -x "$cache/deb/$p.deb" "$home/sysroot.part"; done
  mv "$home/sysroot.part" "$home/sysroot"
}

if [ ! -s "$home/base-$userland.img" ] || [ ! -s "$home/modules.stamp" ]; then
  step "packages: downloading"
  # shellcheck disable=SC2086
  (apt_of_userland; fetch $base)
fi
apt_of_kernel
if [ ! -s "$home/modules.stamp" ]; then
  fetch "linux-image-$kernel" "linux-headers-$kernel" "linux-headers-$short-common" \
    "linux-kbuild-$series:$host" "linux-source-$series" libc6-dev linux-libc-dev
fi
unpack_sysroot
build_base &
base_job=$!
rm -rf "$home/image"
build_modules || { kill "$base_job" 2>/dev/null; exit 4; }
wait "$base_job"
# What was unpacked is not needed again, nor are the largest downloads.
rm -rf "$home/image"
rm -f "$cache/deb"/linux-source-*.deb "$cache/deb"/linux-headers-*.deb "$cache/deb"/linux-kbuild-*.deb
echo "$home"
