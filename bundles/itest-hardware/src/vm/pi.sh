#!/bin/busybox sh
# First and only script of the Raspberry Pi: all of its system is in memory, its one serial line is all that
# leads out of it. What it prints there is for people, until the line "selvedge: mqtt"; from then on the line
# belongs to the connection between gateway and broker.
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t tmpfs -o mode=755 tmpfs /run
/bin/busybox mkdir -p /run/bin /run/udev/rules.d
/bin/busybox --install -s /run/bin
export PATH=/usr/bin:/usr/sbin:/run/bin:/usr/lib/jvm/default/bin
exec >/dev/ttyS1 2>&1 </dev/ttyS1
echo "selvedge: kernel is up after $(cut -d' ' -f1 /proc/uptime) s on [$(tr -d '\0' </proc/device-tree/model)]"
dmesg -n 1
mkdir -p /dev/pts /dev/shm /home/gateway
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
chmod 1777 /tmp
chown 1000:1000 /home/gateway
hostname selvedge-pi
insmod /modules/i2c_dev.ko
insmod /modules/i2c_bcm2835.ko
# The rules that come with the gateway, read by Debian's own udev. It is not waited for: the firmware's
# devices, which QEMU does not have, never settle.
find /product/gateway -name '*.rules' -exec cp {} /run/udev/rules.d/ \;
/usr/lib/systemd/systemd-udevd --daemon 2>/dev/null || /lib/systemd/systemd-udevd --daemon
udevadm trigger --type=all --action=add
until [ "$(ls -l /dev/i2c-* 2>/dev/null | grep -c ' i2c ')" -ge 3 ]; do sleep 0.2; done
for a in /sys/bus/i2c/devices/i2c-*; do echo "selvedge: I2C adapter [$(cat "$a/name")]"; done
ip link set lo up
instance=/home/gateway/instance
su -s /bin/sh gateway -c "mkdir -p $instance/conf/flows $instance/deploy $instance/data &&
  cp /product/gateway/config/logback.xml $instance/conf/ && cp -r /setup/conf/. $instance/conf/ &&
  cp /setup/deploy/* $instance/deploy/"
echo "selvedge: gateway starts as [$(su -s /bin/sh gateway -c 'id -u; id -Gn' | tr '\n' ' ')]"
stty raw -echo
echo "selvedge: mqtt"
# The broker is at the other end of the serial line.
(while :; do nc -l -p 1883 </dev/ttyS1 >/dev/ttyS1 2>/dev/null; done) &
exec >/dev/null 2>&1
su -s /bin/sh gateway -c "JAVA_HOME=/usr/lib/jvm/default /product/gateway/bin/selvedge start --instance $instance"
while :; do sleep 60; done
