# The machine as a technician would find it: users and groups, udev with the rules that are shipped, a
# network that reaches nothing but the test's own host, the simulated hardware. Then does what it is told.
busybox mount -t tmpfs -o mode=755 tmpfs /run
busybox mkdir /run/bin
busybox --install -s /run/bin
export PATH=/usr/bin:/usr/sbin:/run/bin:/usr/lib/jvm/default/bin
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=755 tmpfs /home
mount -t tmpfs -o mode=755 tmpfs /var
mkdir -p /dev/pts /dev/shm /home/gateway /run/udev/rules.d
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t configfs configfs /sys/kernel/config
chown 1000:1000 /home/gateway
hostname selvedge-vm

# The rules that come with the gateway, read by Debian's own udev.
find /product/gateway -name '*.rules' -exec cp {} /run/udev/rules.d/ \;
/usr/lib/systemd/systemd-udevd --daemon 2>/dev/null || /lib/systemd/systemd-udevd --daemon

# No default route: of all networks only the host's loopback can be reached, as 10.0.2.2.
ip link set lo up
for n in /sys/class/net/e*; do
  ip link set "${n##*/}" up
  ip addr add 10.0.2.15/24 dev "${n##*/}"
done

# A GPIO chip with 32 lines, as on a header.
header=/sys/kernel/config/gpio-sim/header
gpio_on() {
  if [ ! -d $header ]; then
    mkdir -p $header/bank0/line4 $header/bank0/line17
    echo 32 >$header/bank0/num_lines
    echo pinctrl-sim >$header/bank0/label
    echo button >$header/bank0/line4/name
    echo relay >$header/bank0/line17/name
  fi
  echo 1 >$header/live
}
gpio_off() {
  echo 0 >$header/live
}
line() { # line NUMBER FILE [VALUE]: the simulator's end of a line; files: pull (pull-up, pull-down), value
  f=/sys/devices/platform/$(cat $header/dev_name)/$(cat $header/bank0/chip_name)/sim_gpio$1/$2
  if [ $# = 3 ]; then echo "$3" >"$f"; else cat "$f"; fi
}
i2c() { # i2c BUS FILE TEXT: tells the simulator
  printf '%s\n' "$3" >"/sys/kernel/hwsim_i2c/$1/$2"
}
peek() { # peek BUS ADDRESS REGISTER LENGTH: what the chip holds
  printf '%s\n' "$2 $3 $4" >"/sys/kernel/hwsim_i2c/$1/peek"
  cat "/sys/kernel/hwsim_i2c/$1/peek"
}
kernel_chip() { # kernel_chip BUS NAME ADDRESS: a driver of the kernel takes the chip
  for a in /sys/bus/i2c/devices/i2c-*; do
    [ "$(cat "$a/name")" != "hwsim-$1" ] || echo "$2 $3" >"$a/new_device"
  done
}
gpio_on
udevadm trigger --type=all --action=add
udevadm settle

# Each channel takes commands, one a line, and answers with their output and "@@ NUMBER EXIT-CODE".
agent() {
  exec 3<>"$1"
  while read -r number command <&3; do
    output=$(eval "$command" 2>&1 </dev/null 3>&-)
    code=$?
    printf '%s\n@@ %s %s\n' "$output" "$number" "$code" >&3
  done
}
for p in /sys/class/virtio-ports/*; do
  case $(cat "$p/name") in
    agent-1) agent "/dev/${p##*/}" & ;;
    agent-0) main=/dev/${p##*/} ;;
  esac
done
echo "selvedge: machine is up after $(cut -d' ' -f1 /proc/uptime) s"
agent "$main"
poweroff -f
