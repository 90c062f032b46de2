package io.selvedge.outbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Joins the numbers of ten records of a source: {@code 1,2,3}. */
final class FakeThinner implements Thinner {

  private static final int GROUP = 10;

  private boolean works = true;

  void fail() {
    works = false;
  }

  static byte[] payload(int number) {
    return String.format("%0100d", number).getBytes(StandardCharsets.UTF_8);
  }

  /** The numbers that a record stands for. */
  static List<Integer> numbers(OutRecord record) {
    return Stream.of(Outboxes.text(record).split(",", -1)).map(Integer::parseInt).toList();
  }

  @Override
  public List<Aggregate> thin(List<OutRecord> records) {
    if (!works) {
      throw new IllegalStateException("no thinner today");
    }
    Map<String, List<OutRecord>> bySource = new LinkedHashMap<>();
    for (OutRecord record : records) {
      if (numbers(record).size() == 1) {
        bySource.computeIfAbsent(record.source(), source -> new ArrayList<>()).add(record);
      }
    }
    List<Aggregate> aggregates = new ArrayList<>();
    for (List<OutRecord> mine : bySource.values()) {
      for (int i = 0; i + GROUP <= mine.size(); i += GROUP) {
        List<OutRecord> group = mine.subList(i, i + GROUP);
        List<String> numbers = group.stream().map(one -> "" + numbers(one).get(0)).toList();
        aggregates.add(
            new Aggregate(
                group.stream().map(OutRecord::id).toList(),
                String.join(",", numbers).getBytes(StandardCharsets.UTF_8)));
      }
    }
    return aggregates;
  }
}
