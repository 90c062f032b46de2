package io.selvedge.console.auth;

import io.selvedge.console.http.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The settings as they are used. What is wrong in the file is left out or replaced by the default,
 * never by something more permissive: a typing error must not take the console away.
 *
 * @param hosts names of this gateway, lower case, besides localhost and plain addresses
 * @param idle a session that was not used for this long ends
 * @param problems what was wrong, for people
 */
public record ConsoleSettings(Set<String> hosts, Duration idle, List<String> problems) {

  /** Where nothing is configured. */
  public static final ConsoleSettings DEFAULTS =
      new ConsoleSettings(Set.of(), Duration.ofHours(12), List.of());

  private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
  private static final int MAX_HOURS = 720;

  public ConsoleSettings {
    hosts = Set.copyOf(hosts);
    problems = List.copyOf(problems);
  }

  static ConsoleSettings of(ConsoleConfig config) {
    return parse(String.join(",", config.hosts()), config.session_hours());
  }

  /** Reads the two values as a .cfg file gives them; names are separated by commas or spaces. */
  public static ConsoleSettings parse(String hosts, String hours) {
    List<String> problems = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    for (String name : hosts.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
      if (HOST.matcher(name).matches()) {
        names.add(name);
      } else if (!name.isEmpty()) {
        problems.add(
            "hosts: ["
                + Json.brief(name)
                + "] is left out; it must be a host name alone, without http:// and port, for"
                + " example gw-1.plant.example");
      }
    }
    return new ConsoleSettings(names, idle(hours.strip(), problems), problems);
  }

  private static Duration idle(String hours, List<String> problems) {
    if (hours.matches("\\d{1,3}")) {
      int number = Integer.parseInt(hours);
      if (number >= 1 && number <= MAX_HOURS) {
        return Duration.ofHours(number);
      }
    }
    problems.add(
        "session.hours ["
            + Json.brief(hours)
            + "] must be a whole number from 1 to "
            + MAX_HOURS
            + "; "
            + DEFAULTS.idle().toHours()
            + " is used");
    return DEFAULTS.idle();
  }
}
