# echoes.sh NUMBER: pulses of some milliseconds on a line, as of an obstacle, until it is killed.
echo $$ >/run/echoes.pid
header=/sys/kernel/config/gpio-sim/header
f=/sys/devices/platform/$(cat $header/dev_name)/$(cat $header/bank0/chip_name)/sim_gpio$1/pull
while echo pull-up >"$f"; do
  usleep 2000
  echo pull-down >"$f"
  usleep 20000
done
