package io.selvedge.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The last rows of something, for comparing. Adding takes no lock; any thread. */
final class RecentRows {

  private final AtomicReferenceArray<float @Nullable []> ring;
  private final AtomicLong next = new AtomicLong();

  RecentRows(int most) {
    ring = new AtomicReferenceArray<>(most);
  }

  /** Keeps it as it is: whoever gives it must not change it afterwards. */
  void add(float[] row) {
    ring.set((int) (next.getAndIncrement() % ring.length()), row);
  }

  List<float[]> rows() {
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < ring.length(); i++) {
      float[] row = ring.get(i);
      if (row != null) {
        rows.add(row);
      }
    }
    return rows;
  }
}
