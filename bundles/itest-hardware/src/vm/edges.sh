# edges.sh LINE FILE: moves a line as often as a number says that is written to the file, some milliseconds
# apart, for ever.
header=/sys/kernel/config/gpio-sim/header
f=/sys/devices/platform/$(cat $header/dev_name)/$(cat $header/bank0/chip_name)/sim_gpio$1/pull
exec 8<>"$2"
way=up
while read -r count <&8; do
  while [ "$count" -gt 0 ]; do
    usleep 5000
    echo pull-$way >"$f"
    if [ $way = up ]; then way=down; else way=up; fi
    count=$((count - 1))
  done
done
