package io.selvedge.protocol.kura;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes in as a payload is read, or refused with a {@link PayloadException}: nothing else
 * is thrown, or the thread that reads would end. The seeds are fixed, so that a fault comes again.
 */
class HostilePayloadTest {

  private static final PayloadFormat JSON = new PayloadFormat(PayloadEncoding.SIMPLE_JSON, false);
  private static final int ROUNDS = 300;

  private static List<byte[]> golden() throws IOException {
    List<byte[]> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/golden"))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".hex")) {
          all.add(Golden.hex(name.replace(".hex", "")));
        } else if (name.endsWith(".json")) {
          all.add(Golden.json(name.replace(".json", "")));
        }
      }
    }
    return all;
  }

  /** True where it was read. */
  private static boolean read(byte[] bytes) {
    try {
      KuraPayload payload = KuraCodec.decode(bytes);
      Metrics.values(payload.metrics());
      JSON.encode(payload);
      return true;
    } catch (PayloadException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("[" + new String(bytes, UTF_8) + "] made " + e, e);
    }
  }

  @Test
  void aPayloadThatIsCutAnywhere() throws Exception {
    for (byte[] whole : golden()) {
      for (int length = 0; length < whole.length; length++) {
        read(Arrays.copyOf(whole, length));
      }
    }
  }

  @Test
  void aPayloadWithBytesThatAreAltered() throws Exception {
    Random random = new Random(1);
    int readable = 0;
    for (byte[] whole : golden()) {
      for (int round = 0; round < ROUNDS && whole.length > 0; round++) {
        byte[] altered = whole.clone();
        for (int n = random.nextInt(4); n >= 0; n--) {
          altered[random.nextInt(altered.length)] = (byte) random.nextInt(256);
        }
        readable += read(altered) ? 1 : 0;
      }
    }
    assertThat(readable).as("some changes are harmless").isGreaterThan(100);
  }

  @Test
  void piecesOfPayloadsInAnyOrder() throws Exception {
    Random random = new Random(2);
    List<byte[]> all = golden();
    for (int round = 0; round < 20 * ROUNDS; round++) {
      ByteArrayOutputStream joined = new ByteArrayOutputStream();
      for (int n = random.nextInt(5); n >= 0; n--) {
        byte[] one = all.get(random.nextInt(all.size()));
        int from = random.nextInt(one.length);
        joined.write(one, from, random.nextInt(one.length - from + 1));
      }
      read(joined.toByteArray());
    }
  }

  @Test
  void noise() {
    Random random = new Random(3);
    for (int round = 0; round < 20 * ROUNDS; round++) {
      byte[] noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      read(noise);
    }
  }

  @Test
  void groupsAndObjectsWithinOneAnother() {
    byte[] groups = new byte[100_000];
    Arrays.fill(groups, (byte) 0x1b); // field 3, begin of a group
    assertThat(read(groups)).isFalse();
    byte[] objects = "{\"a\":".repeat(100_000).getBytes(UTF_8);
    assertThat(read(objects)).isFalse();
    byte[] lists = ("{\"metrics\":" + "[".repeat(100_000)).getBytes(UTF_8);
    assertThat(read(lists)).isFalse();
  }

  @Test
  void lengthsThatAreNotThere() {
    // a metric, and a body, of nearly 2 GiB each
    assertThat(read(hex("c2b802" + "feffffff07" + "0a"))).isFalse();
    assertThat(read(hex("cab802" + "feffffff07" + "0a"))).isFalse();
    // a length below zero
    assertThat(read(hex("cab802" + "ffffffff0f"))).isFalse();
    // a varint without end
    assertThat(read(hex("08" + "ff".repeat(20)))).isFalse();
  }

  @Test
  void numbersThatNoTypeHolds() throws Exception {
    KuraPayload huge =
        KuraCodec.decode(
            "{\"metrics\":{\"a\":1e999,\"b\":99999999999999999999,\"c\":-0.0}}".getBytes(UTF_8));
    assertThat(huge.metric("a")).contains(Metric.of(Double.POSITIVE_INFINITY));
    assertThat(huge.metric("b")).contains(Metric.of(1e20));
    assertThat(Metrics.values(huge.metrics()).get("a"))
        .hasToString("Missing[reason=OUT_OF_RANGE, detail=Infinity]");
    String longest = "{\"metrics\":{\"a\":" + "9".repeat(100_000) + "}}";
    assertThatThrownBy(() -> KuraCodec.decode(longest.getBytes(UTF_8)))
        .isInstanceOf(PayloadException.class);
    assertThat(read("{\"sentOn\":99999999999999999999}".getBytes(UTF_8))).isFalse();
    assertThat(read("{\"sentOn\":9223372036854775807}".getBytes(UTF_8))).isTrue();
  }

  @Test
  void aSmallBombOfJson() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write("{\"body\":\"".getBytes(UTF_8));
      byte[] letters = new byte[1 << 20];
      Arrays.fill(letters, (byte) 'A');
      for (int i = 0; i < 17; i++) {
        gzip.write(letters);
      }
      gzip.write("\"}".getBytes(UTF_8));
    }
    assertThatThrownBy(() -> KuraCodec.decode(bytes.toByteArray()))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining("larger than [16777216] bytes");
  }

  @Test
  void whateverIsWrittenIsReadTheSame() throws Exception {
    Random random = new Random(4);
    for (int round = 0; round < 10 * ROUNDS; round++) {
      KuraPayload payload = payload(random);
      assertThat(KuraCodec.decode(KuraCodec.encode(payload))).isEqualTo(payload);
      byte[] json = JSON.encodeStored(KuraCodec.encodePlain(payload));
      assertThat(KuraCodec.decode(json)).isEqualTo(asJsonTellsIt(payload));
    }
  }

  private static KuraPayload payload(Random random) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    for (int n = random.nextInt(8); n > 0; n--) {
      metrics.put(text(random), metric(random));
    }
    byte[] body = new byte[random.nextInt(3) * random.nextInt(200)];
    random.nextBytes(body);
    Optional<Instant> time =
        random.nextInt(4) == 0
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(random.nextLong()));
    return new KuraPayload(time, position(random), metrics, body);
  }

  private static Optional<Position> position(Random random) {
    if (random.nextBoolean()) {
      return Optional.empty();
    }
    return Optional.of(
        new Position(
            random.nextDouble() * 180 - 90,
            random.nextDouble() * 360 - 180,
            random.nextBoolean()
                ? OptionalDouble.of(random.nextGaussian())
                : OptionalDouble.empty(),
            OptionalDouble.empty(),
            random.nextBoolean()
                ? OptionalDouble.of(random.nextGaussian())
                : OptionalDouble.empty(),
            OptionalDouble.empty(),
            random.nextBoolean() ? Optional.of(Instant.EPOCH) : Optional.empty(),
            random.nextBoolean() ? OptionalInt.of(random.nextInt(40)) : OptionalInt.empty(),
            OptionalInt.empty()));
  }

  private static Metric metric(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> Metric.of(Double.longBitsToDouble(random.nextLong() & 0x7fefffffffffffffL));
      case 1 -> new Metric.Float32(random.nextFloat());
      case 2 -> Metric.of(random.nextLong());
      case 3 -> Metric.of(random.nextInt());
      case 4 -> Metric.of(random.nextBoolean());
      case 5 -> Metric.of(random.nextBoolean() ? Double.NaN : Double.NEGATIVE_INFINITY);
      case 6 -> new Metric.Bytes(text(random).getBytes(UTF_8));
      default -> Metric.of(text(random));
    };
  }

  /** Any characters of Unicode, also those that JSON has to escape. */
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(12); n > 0; n--) {
      int c = random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x110000);
      text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? '?' : c);
    }
    return text.toString();
  }

  /** JSON has one kind of whole number and one of decimal, no bytes, and nothing infinite. */
  private static KuraPayload asJsonTellsIt(KuraPayload payload) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    payload
        .metrics()
        .forEach(
            (name, metric) -> {
              if (metric instanceof Metric.Float32 f) {
                metrics.put(name, Metric.of(Double.parseDouble(Float.toString(f.value()))));
              } else if (metric instanceof Metric.Int32 i) {
                metrics.put(name, Metric.of((long) i.value()));
              } else if (metric instanceof Metric.Bytes b) {
                metrics.put(name, Metric.of(Base64.getEncoder().encodeToString(b.value())));
              } else if (!(metric instanceof Metric.Double64 d && !Double.isFinite(d.value()))) {
                metrics.put(name, metric);
              }
            });
    return new KuraPayload(payload.timestamp(), payload.position(), metrics, payload.body());
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
