package io.selvedge.deployment;

import io.selvedge.protocol.deployment.Window;
import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What files of deployments may take of link and disk.
 *
 * @param storeBytes of files that are kept
 * @param bytesPerSecond 0: no budget
 * @param mostWindow bytes under way
 * @param timeOfDay when files come; empty: always
 * @param httpHosts where files may come from besides
 * @param problems what was wrong in the configuration; the defaults count there
 */
record TransferRules(
    long storeBytes,
    long bytesPerSecond,
    int mostWindow,
    Optional<Window> timeOfDay,
    Set<String> httpHosts,
    List<String> problems) {

  private static final int KIB = 1024;

  TransferRules {
    httpHosts = Set.copyOf(httpHosts);
    problems = List.copyOf(problems);
  }

  /** From the configuration; what is wrong in it does not keep deployments from working. */
  static TransferRules of(TransferConfig config) {
    List<String> problems = new ArrayList<>();
    Optional<Window> time = timeOfDay(config.time_of_day().strip(), problems);
    return new TransferRules(
        (long) Math.max(1, config.store_mib()) * KIB * KIB,
        Math.max(0, config.bytes_per_second()),
        Math.max(64, config.window_kib()) * KIB,
        time,
        hosts(config.http_hosts()),
        problems);
  }

  static Optional<Window> timeOfDay(String given, List<String> problems) {
    if (given.isEmpty()) {
      return Optional.empty();
    }
    try {
      String[] ends = given.split("\\s*-\\s*", -1);
      if (ends.length != 2) {
        throw new IllegalArgumentException("it has no two ends");
      }
      return Optional.of(new Window(LocalTime.parse(ends[0]), LocalTime.parse(ends[1])));
    } catch (DateTimeException | IllegalArgumentException e) {
      problems.add(
          "time.of.day ["
              + given
              + "] must be like [22:00-05:00]; correct it in io.selvedge.deployment.cfg. Until"
              + " then files come at any time");
      return Optional.empty();
    }
  }

  static Set<String> hosts(String given) {
    String hosts = given.strip().toLowerCase(Locale.ROOT);
    return hosts.isEmpty() ? Set.of() : Set.copyOf(List.of(hosts.split("[,\\s]+")));
  }

  boolean allows(LocalTime now) {
    return timeOfDay.map(window -> window.contains(now)).orElse(true);
  }

  /** Whether files may come from there. */
  boolean allows(URI url) {
    String host = url.getHost();
    if (host == null || url.getUserInfo() != null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    return httpHosts.contains(url.getPort() < 0 ? name : name + ":" + url.getPort());
  }
}
