package io.selvedge.driver.modbus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Points that one request reads. */
record Batch(Table table, int address, int count, List<Point> points) {

  Batch {
    points = List.copyOf(points);
  }

  /**
   * As few requests as the protocol allows.
   *
   * @param gap places that nobody asked for and that may lie within a request
   */
  static List<Batch> of(List<Point> all, int gap) {
    List<Point> sorted =
        all.stream()
            .sorted(Comparator.comparing(Point::table).thenComparing(Point::address))
            .toList();
    List<Batch> batches = new ArrayList<>();
    List<Point> points = new ArrayList<>();
    int end = 0;
    for (Point point : sorted) {
      if (!points.isEmpty()) {
        Point first = points.get(0);
        boolean joins =
            point.table() == first.table()
                && point.address() <= end + gap
                && point.end() - first.address() <= point.table().most;
        if (!joins) {
          batches.add(upTo(end, points));
          points.clear();
          end = 0;
        }
      }
      points.add(point);
      end = Math.max(end, point.end());
    }
    batches.add(upTo(end, points));
    return batches;
  }

  private static Batch upTo(int end, List<Point> points) {
    Point first = points.get(0);
    return new Batch(first.table(), first.address(), end - first.address(), points);
  }

  @Override
  public String toString() {
    return table + " " + address + "+" + count;
  }
}
