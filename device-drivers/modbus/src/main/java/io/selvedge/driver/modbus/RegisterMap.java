package io.selvedge.driver.modbus;

import io.selvedge.api.device.Channel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The channels of a device as its configuration declares them: {@code id unit table address type},
 * then what differs from the usual: {@code scale=0.1 offset=-40 order=cdab writable}. Bits have no
 * type, {@code -} is no unit, a {@code bit0} to {@code bit15} is one bit of a register.
 */
final class RegisterMap {

  static final Set<String> ORDERS = Set.of("abcd", "cdab", "badc", "dcba");

  private static final Pattern BIT = Pattern.compile("bit(\\d|1[0-5])");
  private static final int LAST_ADDRESS = 0xffff;

  private final String entry;
  private final String defaultOrder;
  private String order;
  private double scale = 1;
  private double offset;
  private boolean writable;

  private RegisterMap(String entry, String defaultOrder) {
    this.entry = entry;
    this.defaultOrder = defaultOrder;
    this.order = defaultOrder;
  }

  static List<Point> parse(String registers, String defaultOrder) {
    List<Point> points = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String entry : registers.split("[;\\n]", -1)) {
      if (!entry.isBlank()) {
        Point point = new RegisterMap(entry.strip(), defaultOrder).point();
        if (!ids.add(point.channel().id())) {
          throw new IllegalArgumentException(
              "register [" + entry.strip() + "]: its id is there twice; give each its own");
        }
        points.add(point);
      }
    }
    if (points.isEmpty()) {
      throw new IllegalArgumentException(
          "registers [] must name at least one, for example [power W input 40 float32]");
    }
    return List.copyOf(points);
  }

  private Point point() {
    List<String> words = Arrays.asList(entry.split("\\s+"));
    if (words.size() < 4) {
      throw wrong("must be id, unit, table, address and type");
    }
    Table table = one(Table.class, words.get(2), "table");
    int address = (int) number(words.get(3), 0, LAST_ADDRESS, "address");
    if (table.bits()) {
      words.subList(4, words.size()).forEach(this::option);
      return point(
          words, Channel.flag(words.get(0)), table, address, Encoding.UINT16, OptionalInt.empty());
    }
    if (words.size() < 5) {
      throw wrong("has no type: int16, uint16, int32, uint32, int64, float32, float64, bit0-bit15");
    }
    words.subList(5, words.size()).forEach(this::option);
    Matcher bit = BIT.matcher(words.get(4));
    if (bit.matches()) {
      if (writable) {
        throw wrong("is one bit of a register and cannot be written; write the whole register");
      }
      OptionalInt place = OptionalInt.of(Integer.parseInt(bit.group(1)));
      return point(words, Channel.flag(words.get(0)), table, address, Encoding.UINT16, place);
    }
    Encoding encoding = one(Encoding.class, words.get(4), "type");
    boolean whole = !encoding.fraction() && scale == 1 && offset == 0;
    String unit = words.get(1).equals("-") ? "1" : words.get(1);
    Channel channel =
        whole ? Channel.whole(words.get(0), unit) : Channel.decimal(words.get(0), unit);
    return point(words, channel, table, address, encoding, OptionalInt.empty());
  }

  private Point point(
      List<String> words,
      Channel channel,
      Table table,
      int address,
      Encoding encoding,
      OptionalInt bit) {
    if (channel.kind() == Channel.Kind.FLAG && !words.get(1).equals("-")) {
      throw wrong("is a bit and has no unit; write [-]");
    }
    if (writable && !table.writable()) {
      throw wrong("cannot be writable: a table [" + table + "] is for reading");
    }
    Point point =
        new Point(
            writable ? channel.writable() : channel,
            table,
            address,
            encoding,
            bit,
            order,
            scale,
            offset);
    if (point.end() > LAST_ADDRESS + 1) {
      throw wrong("goes beyond the last address 65535");
    }
    return point;
  }

  private void option(String word) {
    int equals = word.indexOf('=');
    String value = word.substring(equals + 1);
    switch (equals < 0 ? word : word.substring(0, equals)) {
      case "writable" -> writable = true;
      case "scale" -> {
        scale = number(value, -Double.MAX_VALUE, Double.MAX_VALUE, "scale");
        if (scale == 0) {
          throw wrong("has a scale of 0, which makes every value 0");
        }
      }
      case "offset" -> offset = number(value, -Double.MAX_VALUE, Double.MAX_VALUE, "offset");
      case "order" -> {
        order = value.isEmpty() ? defaultOrder : value;
        if (!ORDERS.contains(order)) {
          throw wrong("order [" + value + "] must be abcd, cdab, badc or dcba");
        }
      }
      default -> throw wrong("[" + word + "] must be scale=, offset=, order= or writable");
    }
  }

  private double number(String word, double least, double most, String what) {
    try {
      double number = Double.parseDouble(word);
      boolean fits = what.equals("address") ? number == Math.rint(number) : true;
      if (fits && number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message
    }
    throw wrong(
        what + " [" + word + "] must be a number" + (most > 1e9 ? "" : " from 0 to " + (int) most));
  }

  private <E extends Enum<E>> E one(Class<E> type, String word, String what) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
        return constant;
      }
    }
    throw wrong(
        what
            + " ["
            + word
            + "] must be one of "
            + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("register [" + entry + "]: " + what);
  }
}
