package io.selvedge.driver.nmea;

import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.api.device.Value.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a receiver says, from bytes to readings (NMEA 0183, sentences RMC and GGA). */
final class Sentences {

  private static final int LONGEST = 1024; // a sentence has 82 characters at most
  private static final double METRES_PER_SECOND_PER_KNOT = 1852.0 / 3600;
  private static final double MINUTES_PER_DEGREE = 60;

  /** Not 0 (none), 6 (estimated by dead reckoning), 7 (entered by hand), 8 (simulator). */
  private static final String MEASURED_QUALITIES = "[1-5]";

  private final StringBuilder line = new StringBuilder();
  private final Map<String, Value> values = new LinkedHashMap<>();
  private int good;
  private int damaged;

  void add(byte[] bytes, int count) {
    for (char c : new String(bytes, 0, count, StandardCharsets.ISO_8859_1).toCharArray()) {
      if (c == '\n') {
        sentence(line.toString().strip());
        line.setLength(0);
      } else if (line.length() < LONGEST) {
        line.append(c);
      }
    }
  }

  /** What was said since the last time; nothing where no sentence was complete. */
  List<Reading> take() {
    List<Reading> readings = new ArrayList<>();
    values.forEach((channel, value) -> readings.add(new Reading(channel, value, Optional.empty())));
    values.clear();
    return readings;
  }

  /** Whether nothing made sense since the last time. */
  boolean onlyDamaged() {
    boolean only = good == 0 && damaged > 0;
    good = 0;
    damaged = 0;
    return only;
  }

  private void sentence(String text) {
    int star = text.lastIndexOf('*');
    if (!text.startsWith("$") || star < 1 || !checkSumFits(text, star)) {
      damaged += text.isEmpty() ? 0 : 1;
      return;
    }
    good++;
    String[] fields = text.substring(1, star).split(",", -1);
    if (fields[0].endsWith("RMC") && fields.length > 8) {
      boolean fix = fields[2].equals("A") && (fields.length < 13 || isMeasured(fields[12]));
      position(fix, fields, 3);
      set("speed", fix, fields[7], METRES_PER_SECOND_PER_KNOT);
      set("course", fix, fields[8], 1);
    } else if (fields[0].endsWith("GGA") && fields.length > 9) {
      boolean fix = fields[6].matches(MEASURED_QUALITIES);
      position(fix, fields, 2);
      set("altitude", fix, fields[9], 1);
      if (fields[7].matches("\\d{1,2}")) {
        values.put("satellites", Value.of(Long.parseLong(fields[7])));
      }
    }
  }

  /** The mode indicator of NMEA 2.3 and later: not estimated, by hand, a simulator's, or none. */
  private static boolean isMeasured(String mode) {
    return mode.isEmpty() || !"EMSN".contains(mode);
  }

  private static boolean checkSumFits(String text, int star) {
    int sum = 0;
    for (int i = 1; i < star; i++) {
      sum ^= text.charAt(i);
    }
    return text.substring(star + 1).equalsIgnoreCase(String.format("%02X", sum));
  }

  private void position(boolean fix, String[] fields, int at) {
    values.put("fix", Value.of(fix));
    angle("latitude", fix, fields[at], fields[at + 1]);
    angle("longitude", fix, fields[at + 2], fields[at + 3]);
  }

  /** Degrees and minutes without anything between: 4807.038 is 48 degrees 7.038 minutes. */
  private void angle(String channel, boolean fix, String text, String side) {
    int minutes = text.indexOf('.') - 2;
    if (!fix || minutes < 1 || !text.matches("[0-9]+\\.[0-9]*") || !side.matches("[NSEW]")) {
      values.put(channel, noFix());
      return;
    }
    double degrees =
        Integer.parseInt(text.substring(0, minutes))
            + Double.parseDouble(text.substring(minutes)) / MINUTES_PER_DEGREE;
    values.put(channel, Value.of(side.equals("S") || side.equals("W") ? -degrees : degrees));
  }

  private void set(String channel, boolean fix, String text, double factor) {
    if (fix && text.matches("-?[0-9]+(\\.[0-9]*)?")) {
      values.put(channel, Value.of(Double.parseDouble(text) * factor));
    } else {
      values.put(channel, noFix());
    }
  }

  private static Value noFix() {
    return Value.missing(Reason.NOT_READY, "the receiver has no fix");
  }
}
