# edges.sh FILE: moves a line as often as LINE COUNT says that is written to the file, some milliseconds
# apart, for ever.
header=/sys/kernel/config/gpio-sim/header
sim=/sys/devices/platform/$(cat $header/dev_name)/$(cat $header/bank0/chip_name)
exec 8<>"$1"
way=up
while read -r line count <&8; do
  while [ "$count" -gt 0 ]; do
    usleep 5000
    echo pull-$way >"$sim/sim_gpio$line/pull"
    if [ $way = up ]; then way=down; else way=up; fi
    count=$((count - 1))
  done
done
