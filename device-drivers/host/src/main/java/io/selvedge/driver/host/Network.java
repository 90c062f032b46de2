package io.selvedge.driver.host;

import io.selvedge.api.device.Value.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Bytes that went through the network interfaces since they came up: {@code /proc/net/dev}. Unless
 * told which, all that are hardware ({@code /sys/class/net/NAME/device}); where none is, as in a
 * container, all but the loopback.
 */
final class Network {

  private static final String DEV = "proc/net/dev";
  private static final int RECEIVED = 0;
  private static final int SENT = 8;
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private final KernelFiles files;
  private final List<String> wanted;

  /** The counters of one interface. */
  private record Line(String name, long received, long sent) {}

  /** The sums over the interfaces that are watched. */
  record Bytes(long received, long sent) {}

  /**
   * @param wanted names by commas; empty: those that are hardware
   */
  Network(KernelFiles files, String wanted) {
    this.files = files;
    this.wanted =
        Pattern.compile(",")
            .splitAsStream(wanted)
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
  }

  Bytes bytes() throws Unavailable {
    long received = 0;
    long sent = 0;
    for (Line line : choose(lines())) {
      received += line.received();
      sent += line.sent();
    }
    return new Bytes(received, sent);
  }

  private List<Line> choose(List<Line> all) throws Unavailable {
    List<Line> chosen =
        wanted.isEmpty()
            ? all.stream().filter(line -> isHardware(line.name())).toList()
            : all.stream().filter(line -> wanted.contains(line.name())).toList();
    if (chosen.isEmpty() && wanted.isEmpty()) {
      chosen = all.stream().filter(line -> !line.name().equals("lo")).toList();
    }
    if (chosen.isEmpty()) {
      throw new Unavailable(
          Reason.ABSENT,
          "no network interface "
              + (wanted.isEmpty() ? "" : wanted + " ")
              + "among "
              + all.stream().map(Line::name).toList());
    }
    return chosen;
  }

  private boolean isHardware(String name) {
    return files.exists("sys/class/net/" + name + "/device");
  }

  private List<Line> lines() throws Unavailable {
    List<Line> lines = new ArrayList<>();
    for (String line : files.text(DEV).lines().toList()) {
      int colon = line.lastIndexOf(':'); // an alias such as eth0:1 has one in its name
      if (colon < 0) {
        continue; // one of the two lines of headings
      }
      List<String> counters = List.of(BLANKS.split(line.substring(colon + 1).strip(), -1));
      if (counters.size() <= SENT) {
        throw new Unavailable(Reason.DAMAGED, "[" + line.strip() + "] in [/" + DEV + "]");
      }
      lines.add(
          new Line(
              line.substring(0, colon).strip(),
              KernelFiles.whole(counters.get(RECEIVED), DEV),
              KernelFiles.whole(counters.get(SENT), DEV)));
    }
    return lines;
  }
}
