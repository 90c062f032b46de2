package io.selvedge.protocol.kura;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The golden bytes are put together by hand from kurapayload.proto, not by the code under test. */
class KuraCodecTest {

  // tag of field 5000, length-delimited: 5000 << 3 | 2 = 40002 = c2 b8 02; of 5001: 40010 = ca b8
  // 02
  private static final String METRIC = "c2b802";
  private static final String BODY = "cab802";
  // 1422886740000 ms = 2015-02-02T14:19:00Z; as varint a0 c0 a2 d5 b4 29
  private static final String TIMESTAMP = "08" + "a0c0a2d5b429";
  private static final Instant TIME = Instant.parse("2015-02-02T14:19:00Z");

  private static final String EVERY_TYPE =
      TIMESTAMP
          + (METRIC + "0e" + "0a0164" + "1000" + "19" + "0000000000b03740") // d DOUBLE 23.6875
          + (METRIC + "0a" + "0a0166" + "1001" + "25" + "0000c03f") // f FLOAT 1.5
          + (METRIC + "10" + "0a016c" + "1002" + "28" + "ffffffffffffffffff01") // l INT64 -1
          + (METRIC + "08" + "0a0169" + "1003" + "30" + "ac02") // i INT32 300
          + (METRIC + "07" + "0a0162" + "1004" + "38" + "01") // b BOOL true
          + (METRIC + "09" + "0a0174" + "1005" + "4202" + "c3bc") // t STRING ü
          + (METRIC + "09" + "0a0178" + "1006" + "4a02" + "00ff") // x BYTES
          + (BODY + "03" + "7b7d0a");

  private static KuraPayload everyType() {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("d", Metric.of(23.6875));
    metrics.put("f", new Metric.Float32(1.5f));
    metrics.put("l", Metric.of(-1L));
    metrics.put("i", Metric.of(300));
    metrics.put("b", Metric.of(true));
    metrics.put("t", Metric.of("ü"));
    metrics.put("x", new Metric.Bytes(new byte[] {0, (byte) 0xff}));
    return KuraPayload.of(TIME, metrics, new byte[] {'{', '}', '\n'});
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] gzip(byte[] plain) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    }
    return bytes.toByteArray();
  }

  @Test
  void readsEveryTypeFromGoldenBytes() throws Exception {
    assertThat(KuraCodec.decode(hex(EVERY_TYPE))).isEqualTo(everyType());
  }

  @Test
  void writesTheGoldenBytes() {
    assertThat(KuraCodec.encodePlain(everyType())).isEqualTo(hex(EVERY_TYPE));
  }

  @Test
  void readsAndWritesAPosition() throws Exception {
    String position =
        "1226" // field 2, 9 + 9 + 9 + 7 + 2 + 2 bytes
            + "09"
            + "0000000000004840" // latitude 48.0
            + "11"
            + "0000000000002640" // longitude 11.0
            + "19"
            + "0000000000408040" // altitude 520.0
            + "38"
            + "a0c0a2d5b429" // timestamp
            + "4005" // satellites
            + "4803"; // status
    byte[] golden = hex(position);
    KuraPayload payload =
        new KuraPayload(
            Optional.empty(),
            Optional.of(
                new Position(
                    48.0,
                    11.0,
                    OptionalDouble.of(520.0),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    Optional.of(TIME),
                    OptionalInt.of(5),
                    OptionalInt.of(3))),
            Map.of(),
            new byte[0]);
    assertThat(KuraCodec.decode(golden)).isEqualTo(payload);
    assertThat(KuraCodec.encodePlain(payload)).isEqualTo(golden);
  }

  @Test
  void skipsFieldsThatItDoesNotKnow() throws Exception {
    String extension = "1801" + "220161" + "2900000000000000" + "00" + "3500000000";
    String metricWithNewField =
        METRIC + "0b" + "0a0169" + "1003" + "30" + "07" + "5a027878"; // field 11 is unknown
    KuraPayload payload = KuraCodec.decode(hex(extension + metricWithNewField));
    assertThat(payload.metrics()).isEqualTo(Map.of("i", Metric.of(7)));
  }

  @Test
  void takesTheLastOfTwoMetricsWithTheSameName() throws Exception {
    String one = METRIC + "07" + "0a0169" + "1003" + "3001";
    String two = METRIC + "07" + "0a0169" + "1003" + "3002";
    assertThat(KuraCodec.decode(hex(one + two)).whole("i")).contains(2L);
  }

  @Test
  void takesAValueThatIsLeftOutAsZero() throws Exception {
    assertThat(KuraCodec.decode(hex(METRIC + "05" + "0a0169" + "1003")).whole("i")).contains(0L);
  }

  @Test
  void readsNothingAsAnEmptyPayload() throws Exception {
    assertThat(KuraCodec.decode(new byte[0]))
        .isEqualTo(new KuraPayload(Optional.empty(), Optional.empty(), Map.of(), new byte[0]));
  }

  @Test
  void saysWhereBytesAreDamaged() {
    byte[] cut = Arrays.copyOf(hex(EVERY_TYPE), 20);
    assertThatThrownBy(() -> KuraCodec.decode(cut))
        .isInstanceOf(PayloadException.class)
        .hasMessageStartingWith("payload of [20] bytes is damaged at byte [");
  }

  @Test
  void refusesAMetricWithoutNameOrWithAnUnknownType() {
    assertThatThrownBy(() -> KuraCodec.decode(hex(METRIC + "04" + "1003" + "3001")))
        .hasMessage("metric at byte [4] has no name; it must have one");
    assertThatThrownBy(() -> KuraCodec.decode(hex(METRIC + "05" + "0a0169" + "1009")))
        .hasMessage("metric [i] has the type [9]; it must be 0 to 6");
    assertThatThrownBy(() -> KuraCodec.decode(hex(METRIC + "03" + "0a0169")))
        .hasMessage("metric [i] has no type; it must have one, 0 to 6");
  }

  @Test
  void neverFailsInAnotherWayOnNoise() {
    Random random = new Random(7);
    byte[] golden = hex(EVERY_TYPE);
    for (int round = 0; round < 20_000; round++) {
      byte[] noise = golden.clone();
      for (int flips = random.nextInt(6); flips >= 0; flips--) {
        noise[random.nextInt(noise.length)] = (byte) random.nextInt();
      }
      try {
        KuraCodec.decode(noise);
      } catch (PayloadException e) {
        assertThat(e).hasMessageContaining("[");
      }
    }
  }

  @Test
  void compressesOnlyWhereThatIsShorter() throws Exception {
    KuraPayload small = KuraPayload.of(TIME, Map.of("i", Metric.of(1)));
    assertThat(KuraCodec.encode(small)).isEqualTo(KuraCodec.encodePlain(small));

    KuraPayload large = KuraPayload.of(TIME, Map.of("t", Metric.of("selvedge ".repeat(100))));
    assertThat(KuraCodec.encode(large)).startsWith(0x1f, 0x8b).hasSizeLessThan(100);
    assertThat(KuraCodec.decode(KuraCodec.encode(large))).isEqualTo(large);

    byte[] noise = new byte[1000];
    new Random(1).nextBytes(noise);
    KuraPayload dense = KuraPayload.of(TIME, Map.of(), noise);
    assertThat(KuraCodec.encode(dense)).isEqualTo(KuraCodec.encodePlain(dense));
  }

  @Test
  void readsWhatAnotherEndCompressed() throws Exception {
    assertThat(KuraCodec.decode(gzip(hex(EVERY_TYPE)))).isEqualTo(everyType());
  }

  @Test
  void isNotBlownUpByASmallBomb() throws Exception {
    byte[] bomb = gzip(new byte[KuraCodec.MAX_SIZE + 1]);
    assertThat(bomb).hasSizeLessThan(20_000);
    assertThatThrownBy(() -> KuraCodec.decode(bomb))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining("larger than [16777216] bytes");
  }

  @Test
  void saysThatACompressedPayloadIsDamaged() throws Exception {
    byte[] cut = Arrays.copyOf(gzip(hex(EVERY_TYPE)), 30);
    assertThatThrownBy(() -> KuraCodec.decode(cut))
        .isInstanceOf(PayloadException.class)
        .hasMessageStartingWith("compressed payload of [30] bytes is damaged");
  }

  @Test
  void appendsMetricsWithoutDecoding() throws Exception {
    byte[] plain = KuraCodec.append(hex(EVERY_TYPE), Map.of("record.id", Metric.of(9L)));
    KuraPayload payload = KuraCodec.decode(plain);
    assertThat(payload.whole("record.id")).contains(9L);
    assertThat(payload.metrics()).hasSize(8);
    assertThat(payload.body()).isEqualTo(everyType().body());
  }
}
