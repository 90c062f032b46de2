package io.selvedge.hub.store;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** What became of the messages of one batch, added to the counts in the same transaction. */
final class Tally {

  private record Key(String gateway, String app) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byGateway = gateway.compareTo(other.gateway);
      return byGateway != 0 ? byGateway : app.compareTo(other.app);
    }
  }

  private static final class Sums {
    long stored;
    long duplicates;
    long refused;
  }

  private final Map<Key, Sums> sums = new TreeMap<>();

  void arrived(List<Numbered> all, List<Numbered> fresh) {
    Set<Long> ids = new HashSet<>();
    fresh.forEach(one -> ids.add(one.id()));
    for (Numbered one : all) {
      Sums at = at(one.delivered().gateway(), one.message().app());
      if (ids.contains(one.id())) {
        at.stored++;
      } else {
        at.duplicates++;
      }
    }
  }

  void refused(String gateway, String app) {
    at(gateway, app).refused++;
  }

  private Sums at(String gateway, String app) {
    return sums.computeIfAbsent(new Key(gateway, app), key -> new Sums());
  }

  void write(Handle h) {
    sums.forEach(
        (key, sum) -> {
          h.createUpdate(
                  "insert into gateway_counts (gateway, app, stored, duplicates, refused)"
                      + " values (:gateway, :app, 0, 0, 0) on conflict do nothing")
              .bind("gateway", key.gateway())
              .bind("app", key.app())
              .execute();
          h.createUpdate(
                  "update gateway_counts set stored = stored + :stored,"
                      + " duplicates = duplicates + :duplicates, refused = refused + :refused"
                      + " where gateway = :gateway and app = :app")
              .bind("gateway", key.gateway())
              .bind("app", key.app())
              .bind("stored", sum.stored)
              .bind("duplicates", sum.duplicates)
              .bind("refused", sum.refused)
              .execute();
        });
  }
}
