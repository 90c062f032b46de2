package io.selvedge.sparkplug.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PayloadTest {

  private static final long T = 1_422_886_740_000L;

  @Test
  void writesANodesBirthAsTheReferenceClassesDo() throws Exception {
    Payload birth =
        payload(
            OptionalInt.of(0),
            Metric.of("bdSeq", DataType.INT64, T, new Content.Int64(7)),
            Metric.of("Node Control/Rebirth", DataType.BOOLEAN, T, new Content.Bool(false)));

    assertThat(birth.bytes()).isEqualTo(golden("nbirth"));
    assertThat(Payload.parse(golden("nbirth"))).isEqualTo(birth);
  }

  @Test
  void writesADevicesBirthWithAliasesAndPropertiesAsTheReferenceClassesDo() throws Exception {
    Payload birth =
        payload(
            OptionalInt.of(1),
            born("temperature", 1, T - 1000, DataType.DOUBLE, new Content.Double64(23.18))
                .withProperties(
                    properties("Quality", Property.quality(192), "engUnit", Property.of("Cel"))),
            born("pulses", 2, T, DataType.INT64, new Content.Int64(-1))
                .withProperties(Map.of("Quality", Property.quality(Property.GOOD))),
            born("zustand", 3, T, DataType.STRING, new Content.Text("geöffnet"))
                .withProperties(Map.of("Quality", Property.quality(Property.GOOD))),
            new Metric(
                Optional.of("humidity"),
                OptionalLong.of(4),
                OptionalLong.of(T),
                OptionalInt.of(10),
                false,
                properties(
                    "Quality",
                    Property.quality(Property.BAD),
                    "Reason",
                    Property.of("NO_ANSWER: nothing on the bus")),
                Optional.empty()));

    assertThat(birth.bytes()).isEqualTo(golden("dbirth"));
    assertThat(Payload.parse(golden("dbirth"))).isEqualTo(birth);
  }

  @Test
  void writesHistoricalDataAndNothingForNullAsTheReferenceClassesDo() throws Exception {
    Payload data =
        payload(
            OptionalInt.of(255),
            historical(1, Optional.of(new Content.Double64(-0.5))),
            historical(300, Optional.empty()));

    assertThat(data.bytes()).isEqualTo(golden("ddata"));
    assertThat(Payload.parse(golden("ddata"))).isEqualTo(data);
  }

  @Test
  void aDeathHasNoSequenceNumber() throws Exception {
    Payload death =
        payload(OptionalInt.empty(), Metric.of("bdSeq", DataType.INT64, T, new Content.Int64(255)));

    assertThat(death.bytes()).isEqualTo(golden("ndeath"));
    assertThat(Payload.parse(golden("ndeath")).seq()).isEmpty();
  }

  @Test
  void readsEveryKindOfValueAndPassesOverWhatItDoesNotKnow() throws Exception {
    List<Metric> metrics = Payload.parse(golden("dcmd")).metrics();

    assertThat(metrics)
        .extracting(Metric::display)
        .containsExactly("int32", "uint32", "uint64", "float", "bytes", "set", "template");
    assertThat(content(metrics, 0)).isEqualTo(new Content.Int32(-2));
    assertThat(content(metrics, 1)).isEqualTo(new Content.Int32(-2));
    assertThat(content(metrics, 2)).isEqualTo(new Content.Int64(-1));
    assertThat(content(metrics, 3)).isEqualTo(new Content.Float32(1.5f));
    assertThat(((Content.Bytes) content(metrics, 4)).value()).containsExactly(0, -1);
    assertThat(((Content.Nested) content(metrics, 5)).field()).isEqualTo(17);
    assertThat(((Content.Nested) content(metrics, 6)).field()).isEqualTo(18);
  }

  @Test
  void saysWhereDamagedBytesAreDamaged() {
    byte[] cut = java.util.Arrays.copyOf(golden("dbirth"), 40);

    assertThatThrownBy(() -> Payload.parse(cut))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining("payload of [40] bytes is damaged at byte [");
  }

  @Test
  void refusesASequenceNumberAbove255() {
    byte[] seq256 = {0x18, (byte) 0x80, 0x02};

    assertThatThrownBy(() -> Payload.parse(seq256))
        .isInstanceOf(PayloadException.class)
        .hasMessage("sequence number [256] must be 0 to 255");
  }

  @Test
  void refusesAPropertySetWithMoreKeysThanValues() {
    byte[] oneKey = {0x12, 0x05, 0x4a, 0x03, 0x0a, 0x01, 'u'};

    assertThatThrownBy(() -> Payload.parse(oneKey))
        .isInstanceOf(PayloadException.class)
        .hasMessage("property set has [1] keys and [0] values; it must have as many of both");
  }

  @Test
  void anyBytesEitherReadOrAreRefused() {
    Random random = new Random(17);
    byte[] good = golden("dbirth");
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = good.clone();
      for (int i = 0; i < 1 + round % 4; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(Payload.parse(bytes).metrics()).isNotNull();
      } catch (PayloadException e) {
        refused++;
        assertThat(e).hasMessageContaining("[");
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void whatItWroteItReads() throws Exception {
    Random random = new Random(4);
    for (int round = 0; round < 500; round++) {
      Payload payload =
          payload(
              OptionalInt.of(random.nextInt(256)),
              Metric.of("d", DataType.DOUBLE, T, new Content.Double64(random.nextGaussian())),
              Metric.of("l", DataType.INT64, T, new Content.Int64(random.nextLong())),
              Metric.of("i", DataType.INT32, T, new Content.Int32(random.nextInt())),
              Metric.of("t", DataType.STRING, T, new Content.Text("ä€𝄞" + random.nextInt())));

      assertThat(Payload.parse(payload.bytes())).isEqualTo(payload);
    }
  }

  @Test
  void numbersOfTypesAreThoseOfTheSpecification() {
    assertThat(DataType.of(4)).contains(DataType.INT64);
    assertThat(DataType.of(10)).contains(DataType.DOUBLE);
    assertThat(DataType.of(11)).contains(DataType.BOOLEAN);
    assertThat(DataType.of(12)).contains(DataType.STRING);
    assertThat(DataType.of(19)).contains(DataType.TEMPLATE);
    assertThat(DataType.of(34)).contains(DataType.DATE_TIME_ARRAY);
    assertThat(DataType.of(35)).isEmpty();
    assertThat(DataType.of(-1)).isEmpty();
    for (DataType type : DataType.values()) {
      assertThat(DataType.of(type.number())).contains(type);
    }
  }

  private static Content content(List<Metric> metrics, int index) {
    return metrics.get(index).content().orElseThrow();
  }

  private static Payload payload(OptionalInt seq, Metric... metrics) {
    return new Payload(OptionalLong.of(T), seq, List.of(metrics));
  }

  private static Metric born(String name, long alias, long time, DataType type, Content content) {
    return new Metric(
        Optional.of(name),
        OptionalLong.of(alias),
        OptionalLong.of(time),
        OptionalInt.of(type.number()),
        false,
        Map.of(),
        Optional.of(content));
  }

  private static Metric historical(long alias, Optional<Content> content) {
    return new Metric(
        Optional.empty(),
        OptionalLong.of(alias),
        OptionalLong.of(T - 60_000),
        OptionalInt.empty(),
        true,
        Map.of(),
        content);
  }

  private static Map<String, Property> properties(
      String key1, Property value1, String key2, Property value2) {
    Map<String, Property> properties = new LinkedHashMap<>();
    properties.put(key1, value1);
    properties.put(key2, value2);
    return properties;
  }

  private static byte[] golden(String name) {
    try (InputStream in =
        Objects.requireNonNull(PayloadTest.class.getResourceAsStream("/golden/" + name + ".hex"))) {
      String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
