package io.selvedge.outbox;

import java.util.Arrays;

/**
 * Records and bytes of payload by source, and when the first of each came. Grows with the highest
 * source that it holds.
 */
final class Census {

  private int[] records = new int[0];
  private long[] bytes = new long[0];
  private long[] since = new long[0];

  /** Sources up to here may be in it. */
  int sources() {
    return records.length;
  }

  int records(int source) {
    return source < records.length ? records[source] : 0;
  }

  long bytes(int source) {
    return source < bytes.length ? bytes[source] : 0;
  }

  /** Seconds of {@link SteadyTime} at which the first record came; 0 where that is not known. */
  long since(int source) {
    return source < since.length ? since[source] : 0;
  }

  long total() {
    return Arrays.stream(records).asLongStream().sum();
  }

  long totalBytes() {
    return Arrays.stream(bytes).sum();
  }

  void add(int source, int count, long payload, long time) {
    if (source >= records.length) {
      records = Arrays.copyOf(records, source + 1);
      bytes = Arrays.copyOf(bytes, source + 1);
      since = Arrays.copyOf(since, source + 1);
    }
    records[source] += count;
    bytes[source] += payload;
    if (time > 0) {
      since[source] = since[source] == 0 ? time : Math.min(since[source], time);
    }
  }

  void add(Census other) {
    for (int source = 0; source < other.records.length; source++) {
      if (other.records[source] > 0) {
        add(source, other.records[source], other.bytes[source], other.since[source]);
      }
    }
  }

  /** Takes away; what is not there cannot be taken. */
  void take(int source, int count, long payload) {
    if (source < records.length) {
      records[source] = Math.max(0, records[source] - count);
      bytes[source] = records[source] == 0 ? 0 : Math.max(0, bytes[source] - payload);
    }
  }

  void clear() {
    records = new int[0];
    bytes = new long[0];
    since = new long[0];
  }
}
