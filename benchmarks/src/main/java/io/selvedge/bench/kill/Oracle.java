package io.selvedge.bench.kill;

import java.util.BitSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Knows what was accepted, from outside of all that is killed. A number is accepted when the
 * gateway has said so; it is never sent again. Thread-safe.
 */
final class Oracle {

  private final BitSet sent = new BitSet();
  private final BitSet accepted = new BitSet();
  private final BitSet damaged = new BitSet();
  private final BitSet unreportable = new BitSet();
  private final Set<String> violations = new TreeSet<>();
  private int next;
  private int refused;

  /**
   * What the hub's table says.
   *
   * @param lost accepted, not in the table, and not in bytes that were damaged
   * @param lostToDamage accepted, not in the table, and in bytes that were damaged
   * @param reportable of those, what the outbox could know of, and so has to report
   * @param doubled in the table more than once
   * @param unknown in the table and never sent
   * @param unaccepted in the table though nobody was told; that is allowed
   */
  record Verdict(
      Set<Integer> lost,
      int lostToDamage,
      int reportable,
      int doubled,
      int unknown,
      int unaccepted) {}

  /** The next number to send. */
  synchronized int next() {
    sent.set(next);
    return next++;
  }

  synchronized void accepted(int number) {
    if (!sent.get(number) || accepted.get(number)) {
      violations.add("number [" + number + "] was accepted without being asked");
    }
    accepted.set(number);
  }

  synchronized void refused() {
    refused++;
  }

  /**
   * These were in bytes that were altered on disk while the gateway did not run.
   *
   * @param tail those among them of which nothing on disk tells any more
   */
  synchronized void damaged(Set<Integer> numbers, Set<Integer> tail) {
    numbers.forEach(damaged::set);
    tail.forEach(unreportable::set);
  }

  /** A rule was broken that needs no table to see. */
  synchronized void violated(String rule) {
    violations.add(rule);
  }

  synchronized int acceptedCount() {
    return accepted.cardinality();
  }

  synchronized int damagedCount() {
    BitSet both = (BitSet) damaged.clone();
    both.and(accepted);
    return both.cardinality();
  }

  /**
   * What the gateway must count as accepted, ever, or more: what it said, but for what nothing on
   * disk tells of any more.
   */
  synchronized int leastCounted() {
    BitSet known = (BitSet) accepted.clone();
    known.andNot(unreportable);
    return known.cardinality();
  }

  /** It cannot have accepted more than that. */
  synchronized int sentCount() {
    return next;
  }

  synchronized int refusedCount() {
    return refused;
  }

  synchronized Set<String> violations() {
    return Set.copyOf(violations);
  }

  /**
   * Compares.
   *
   * @param table how often each number is in the hub's table
   */
  synchronized Verdict judge(Map<Integer, Integer> table) {
    Set<Integer> lost = new TreeSet<>();
    int lostToDamage = 0;
    int reportable = 0;
    for (int n = accepted.nextSetBit(0); n >= 0; n = accepted.nextSetBit(n + 1)) {
      if (!table.containsKey(n)) {
        if (damaged.get(n)) {
          lostToDamage++;
          reportable += unreportable.get(n) ? 0 : 1;
        } else {
          lost.add(n);
        }
      }
    }
    int doubled = 0;
    int unknown = 0;
    int unaccepted = 0;
    for (Map.Entry<Integer, Integer> row : table.entrySet()) {
      doubled += row.getValue() > 1 ? 1 : 0;
      unknown += sent.get(row.getKey()) ? 0 : 1;
      unaccepted += accepted.get(row.getKey()) ? 0 : 1;
    }
    return new Verdict(lost, lostToDamage, reportable, doubled, unknown, unaccepted);
  }
}
