package io.selvedge.flow;

import io.selvedge.api.flow.Decision;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** The newest decisions of all flows. Thread-safe. */
final class RecentDecisions {

  private final int most;
  private final Deque<Decision> decisions;

  RecentDecisions(int most) {
    this.most = most;
    this.decisions = new ArrayDeque<>(most);
  }

  synchronized void add(Decision decision) {
    if (decisions.size() == most) {
      decisions.removeFirst();
    }
    decisions.addLast(decision);
  }

  /** Newest first. */
  synchronized List<Decision> newest(int wanted) {
    List<Decision> newest = new ArrayList<>();
    for (Iterator<Decision> all = decisions.descendingIterator();
        all.hasNext() && newest.size() < wanted; ) {
      newest.add(all.next());
    }
    return newest;
  }
}
