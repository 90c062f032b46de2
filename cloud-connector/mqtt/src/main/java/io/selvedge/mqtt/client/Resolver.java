package io.selvedge.mqtt.client;

import io.selvedge.mqtt.client.ConnectionException.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a host. While names cannot be looked up, the addresses of the last time count; a
 * lookup that hangs does not hold up the next one.
 *
 * <p>The Java runtime remembers for 10 s that a name is unknown, and lets lookups of the same name
 * wait for each other. Names of hosts know no case, so each lookup spells the name in its own way.
 */
final class Resolver {

  /** Looks a name up, and may take its time. */
  interface Lookup {
    InetAddress[] of(String host) throws UnknownHostException;
  }

  /** Lookups of one host that are under way. */
  private record Pending(int count, CompletableFuture<List<InetAddress>> newest) {
    @Nullable Pending oneLess() {
      return count == 1 ? null : new Pending(count - 1, newest);
    }
  }

  /** By the Java runtime. */
  static final Resolver SYSTEM = new Resolver(InetAddress::getAllByName);

  private static final Duration WITH_KNOWN = Duration.ofMillis(500);
  private static final int MOST_PENDING = 4;

  private final Lookup lookup;
  private final Map<String, List<InetAddress>> known = new ConcurrentHashMap<>();
  private final Map<String, Pending> pending = new ConcurrentHashMap<>();

  Resolver(Lookup lookup) {
    this.lookup = lookup;
  }

  /**
   * Waits for a lookup, so long at most.
   *
   * @throws ConnectionException where there is no address, of now or of before
   */
  List<InetAddress> resolve(String host, Duration patience)
      throws ConnectionException, InterruptedException {
    Optional<List<InetAddress>> before = Optional.ofNullable(known.get(host));
    Duration wait =
        before.isPresent() && WITH_KNOWN.compareTo(patience) < 0 ? WITH_KNOWN : patience;
    try {
      return start(host).get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return before.orElseThrow(
          () ->
              new ConnectionException(
                  Kind.UNREACHABLE, "host [" + host + "] has no known address", e));
    }
  }

  /** With enough lookups of a host under way, who asks next waits for the newest of them. */
  private CompletableFuture<List<InetAddress>> start(String host) {
    CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
    Pending now =
        pending.compute(
            host,
            (name, before) ->
                before == null
                    ? new Pending(1, found)
                    : before.count() < MOST_PENDING
                        ? new Pending(before.count() + 1, found)
                        : before);
    if (now.newest() == found) {
      Thread thread = new Thread(() -> look(host, found), "selvedge-lookup");
      thread.setDaemon(true);
      thread.start();
    }
    return now.newest();
  }

  /** Counts itself out before it answers: who asks again at once does not get this answer. */
  private void look(String host, CompletableFuture<List<InetAddress>> found) {
    Runnable answer;
    try {
      List<InetAddress> addresses = List.of(lookup.of(spelling(host)));
      known.put(host, addresses);
      answer = () -> found.complete(addresses);
    } catch (UnknownHostException | RuntimeException e) {
      answer = () -> found.completeExceptionally(e);
    } finally {
      pending.computeIfPresent(host, (name, now) -> now.oneLess());
    }
    answer.run();
  }

  private static String spelling(String host) {
    StringBuilder spelled = new StringBuilder(host.toLowerCase(Locale.ROOT));
    for (int i = 0; i < spelled.length(); i++) {
      if (ThreadLocalRandom.current().nextBoolean()) {
        spelled.setCharAt(i, Character.toUpperCase(spelled.charAt(i)));
      }
    }
    return spelled.toString();
  }
}
