package io.selvedge.console.auth;

import io.selvedge.console.http.Call;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Keeps out other people's web pages that run in the browser of somebody who is signed in.
 *
 * <p>Host: a name that somebody else owns may be made to point to this gateway (DNS rebinding), so
 * only names that were configured are answered; an address as it is cannot be rebound. Origin: what
 * changes something must come from this gateway's own pages, by {@code Sec-Fetch-Site} where the
 * browser sends it (it does so only where it trusts the connection), else by {@code Origin}.
 */
final class Origins {

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+\\]");
  private static final Pattern PORT = Pattern.compile(":\\d*$");

  private final Set<String> names = new TreeSet<>(Set.of("localhost"));

  /** Takes further names, in lower case. */
  Origins(Collection<String> names) {
    this.names.addAll(names);
  }

  void checkHost(Call call) throws Refusal {
    String given = call.header("host").orElse("");
    String host = PORT.matcher(given.toLowerCase(Locale.ROOT)).replaceFirst("");
    if (!names.contains(host) && !IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) {
      throw new Refusal(
          421,
          "host.unknown",
          "host ["
              + Json.brief(given)
              + "] is not a name of this gateway; use localhost or its address, or add the name to"
              + " hosts in io.selvedge.console.cfg");
    }
  }

  /**
   * @param browser whether only a browser can have sent it, because a cookie lets it in; such a
   *     call must say where it comes from
   */
  void checkOrigin(Call call, boolean browser) throws Refusal {
    if (call.isSafe()) {
      return;
    }
    Optional<String> site = call.header("sec-fetch-site");
    Optional<String> origin = call.header("origin");
    boolean own;
    if (site.isPresent()) {
      own = site.get().equals("same-origin");
    } else if (origin.isPresent()) {
      own = isHost(origin.get(), call.header("host").orElse(""));
    } else {
      own = !browser;
    }
    if (!own) {
      throw new Refusal(
          403,
          "origin.foreign",
          "origin ["
              + Json.brief(origin.orElse("not given"))
              + "] is not this gateway; changes must come from its own pages, or from a program with"
              + " Authorization: Bearer");
    }
  }

  private static boolean isHost(String origin, String host) {
    int authority = origin.indexOf("://");
    return authority > 0 && origin.substring(authority + 3).equalsIgnoreCase(host);
  }
}
