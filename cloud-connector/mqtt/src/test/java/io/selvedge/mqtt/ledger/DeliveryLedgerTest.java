package io.selvedge.mqtt.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Deliveries.Delivery;
import io.selvedge.api.uplink.Deliveries.Sum;
import io.selvedge.api.uplink.Message;
import io.selvedge.mqtt.ledger.DeliveryLedger.Way;
import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.SegmentOutbox;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.Records;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real outbox. */
class DeliveryLedgerTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOON.plusSeconds(3600), ZoneOffset.UTC);
  private static final Optional<String> ALL = Optional.empty();
  private static final long ACCEPTED = NOON.toEpochMilli() + 1;
  private static final long SENT = NOON.toEpochMilli() + 3_599_990;

  @TempDir Path directory = Path.of("."); // set before each test

  private final List<String> reports = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // opened before each test
  private SegmentOutbox outbox;

  @SuppressWarnings("NullAway.Init") // opened before each test
  private DeliveryLedger ledger;

  private Path at = Path.of(".");

  @BeforeEach
  void open() throws IOException {
    at = directory.resolve("0");
    reopen();
  }

  private void reopen() throws IOException {
    reopen(OutboxOptions.defaults().stateInterval());
  }

  private void reopen(Duration stateInterval) throws IOException {
    outbox =
        SegmentOutbox.open(
            at.resolve("outbox"),
            OutboxOptions.defaults()
                .withCommitInterval(Duration.ZERO)
                .withStateInterval(stateInterval));
    ledger = new DeliveryLedger(at.resolve("ledger"), outbox, CLOCK, "ledger", reports::add);
    open.add(0, ledger);
    open.add(0, outbox);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    open.clear();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.toAbsolutePath().getParent());
        Files.copy(file, copy);
      }
    }
  }

  private static Message row(int minute) {
    return Message.of(
            "DATA-V1",
            "office",
            NOON.plusSeconds(60L * minute),
            Map.of("temperature", Value.of(20.0), "door", Value.of(true)))
        .withSource("flow/office");
  }

  private void append(Message... messages) {
    for (Message message : messages) {
      outbox
          .append(message.source(), message.priority(), Duration.ZERO, bytes(message))
          .toCompletableFuture()
          .join();
    }
  }

  private static byte[] bytes(Message message) {
    return KuraCodec.encodePlain(Records.payload(message));
  }

  /** Takes this many out, and the other end has them. */
  private void deliver(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      deliver(outbox.poll(Duration.ofSeconds(10)).orElseThrow());
    }
  }

  private void deliver(OutRecord record) {
    ledger.delivered(record, "DATA-V1/office", record.payload(), 0, new Way(ACCEPTED, SENT, 200));
  }

  private long messages() {
    return ledger.sums().stream().mapToLong(Sum::messages).sum();
  }

  @Test
  void sumsUpByHourOfTheMessagesOwnTime() throws Exception {
    append(row(0), row(1), row(60), row(2).withSource(""));
    deliver(4);

    assertThat(ledger.sums())
        .containsExactly(
            new Sum("", "DATA-V1", NOON, Duration.ofHours(1), 1, 2, 200, 4, 4),
            new Sum("flow/office", "DATA-V1", NOON, Duration.ofHours(1), 2, 4, 400, 1, 2),
            new Sum(
                "flow/office",
                "DATA-V1",
                NOON.plusSeconds(3600),
                Duration.ofHours(1),
                1,
                2,
                200,
                3,
                3));
  }

  @Test
  void namesTheSingleMessagesNewestFirst() throws Exception {
    append(row(0), row(1).withSource("flow/hall"), row(2));
    deliver(3);

    List<Delivery> newest = ledger.newest(ALL, Long.MAX_VALUE, 2);

    assertThat(newest).extracting(Delivery::record).containsExactly(3L, 2L);
    assertThat(newest.get(0))
        .isEqualTo(
            new Delivery(
                3,
                outbox.id(),
                3,
                "flow/office",
                "DATA-V1",
                "office",
                NOON.plusSeconds(120),
                Optional.of(Instant.ofEpochMilli(ACCEPTED)),
                Optional.of(Instant.ofEpochMilli(SENT)),
                CLOCK.instant(),
                200,
                2));
    assertThat(ledger.newest(ALL, 2, 10)).extracting(Delivery::record).containsExactly(1L);
    assertThat(ledger.newest(Optional.of("flow/hall"), Long.MAX_VALUE, 10)).hasSize(1);
    close();
    reopen();
    assertThat(ledger.newest(ALL, Long.MAX_VALUE, 2)).isEqualTo(newest);
    append(row(3));
    deliver(1);
    assertThat(ledger.newest(ALL, Long.MAX_VALUE, 1).get(0).number()).isEqualTo(4);
  }

  @Test
  void countsOnceWhatIsAcknowledgedTwice() throws Exception {
    append(row(0));
    OutRecord record = outbox.poll(Duration.ofSeconds(10)).orElseThrow();
    deliver(record);
    deliver(record);

    assertThat(messages()).isEqualTo(1);
  }

  @Test
  void countsOnceWhatGoesOutAgainAfterACrash() throws Exception {
    append(row(0), row(1), row(2));
    Path later = directory.resolve("later");
    copy(at.resolve("outbox"), later.resolve("outbox")); // nothing was delivered yet
    deliver(2);
    close();
    copy(at.resolve("ledger"), later.resolve("ledger"));
    at = later;
    reopen();
    deliver(3);

    assertThat(outbox.status().delivered()).isEqualTo(3);
    assertThat(messages()).isEqualTo(3);
    assertThat(ledger.newest(ALL, Long.MAX_VALUE, 10))
        .extracting(Delivery::record)
        .containsExactly(3L, 2L, 1L);
  }

  @Test
  void isOnDiskBeforeTheOutboxForgetsTheRecord() throws Exception {
    append(row(0), row(1));
    deliver(2);
    outbox.close(); // writes its state; the ledger is not closed
    Path later = directory.resolve("later");
    copy(at.resolve("outbox"), later.resolve("outbox"));
    copy(at.resolve("ledger"), later.resolve("ledger"));
    at = later;
    reopen();

    assertThat(outbox.status().pending()).isZero();
    assertThat(messages()).isEqualTo(2);
  }

  @Test
  void cutsAwayABlockThatACrashHasCutOff() throws Exception {
    append(row(0), row(1));
    deliver(1);
    close();
    reopen();
    deliver(1);
    close();
    Path file = at.resolve("ledger/000001.log");
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "rw")) {
      log.setLength(log.length() - 5);
    }
    reopen();

    assertThat(messages()).isEqualTo(1);
    append(row(2));
    deliver(1);
    close();
    reopen();
    assertThat(messages()).isEqualTo(2);
  }

  @Test
  void keepsWhatLiesBehindADamagedBlockAndSaysSo() throws Exception {
    for (int i = 0; i < 3; i++) {
      append(row(i));
      deliver(1);
      close();
      reopen();
    }
    close();
    Path file = at.resolve("ledger/000001.log");
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "rw")) {
      log.seek(2); // of the first block's length
      log.write(0x7f);
    }
    reopen();

    assertThat(messages()).isEqualTo(2);
    assertThat(reports)
        .singleElement()
        .asString()
        .contains("[000001.log] holds [")
        .contains("damaged bytes between intact ones");
    append(row(3));
    deliver(1);
    close();
    reopen();
    assertThat(messages()).isEqualTo(3);
  }

  /**
   * What a crash hands out again must be no more than the ledger knows by number: after 20,000 the
   * outbox writes its state, however long its interval is.
   */
  @Test
  void countsNothingTwiceHoweverFastItWentBeforeTheCrash() throws Exception {
    close();
    reopen(Duration.ofHours(1));
    int many = 150_000;
    int settled = 20_000;
    byte[] bytes = bytes(row(0));
    for (int i = 0; i < many; i++) {
      CompletionStage<Long> stage = outbox.append("flow/office", 5, Duration.ZERO, bytes);
      if (i % 2000 == 1999 || i == many - 1) {
        stage.toCompletableFuture().join();
      }
    }
    for (int i = 0; i < many / settled; i++) {
      List<ByteBuffer> before = state();
      deliver(settled);
      awaitStateOtherThan(before);
    }
    deliver(many % settled);
    Path copy = directory.resolve("1");
    copy(at.resolve("outbox"), copy.resolve("outbox"));
    copy(at.resolve("ledger"), copy.resolve("ledger"));
    close();
    at = copy;
    reopen();
    List<OutRecord> again = rest();
    again.forEach(this::deliver);
    assertThat(again).hasSize(many % settled);
    assertThat(messages()).isEqualTo(many);
  }

  /** It is written to two files in turn. */
  private List<ByteBuffer> state() throws IOException {
    return List.of(
        ByteBuffer.wrap(Files.readAllBytes(at.resolve("outbox/state-a"))),
        ByteBuffer.wrap(Files.readAllBytes(at.resolve("outbox/state-b"))));
  }

  private void awaitStateOtherThan(List<ByteBuffer> before) throws Exception {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (state().equals(before)) {
      assertThat(System.nanoTime()).as("a state after 20,000 that were settled").isLessThan(end);
      Thread.sleep(5);
    }
  }

  private List<OutRecord> rest() throws InterruptedException {
    List<OutRecord> all = new ArrayList<>();
    for (Optional<OutRecord> one = outbox.poll(Duration.ZERO);
        one.isPresent();
        one = outbox.poll(Duration.ZERO)) {
      all.add(one.get());
    }
    return all;
  }

  @Test
  void beginsAnewWhereItsSumsAreDamagedAndSaysSo() throws Exception {
    append(row(0));
    deliver(1);
    close();
    Files.writeString(at.resolve("ledger/sums"), "garbage");
    reopen();

    assertThat(messages()).isEqualTo(1);
    assertThat(reports).singleElement().asString().contains("are damaged and begin anew");
  }

  @Test
  void readsWhatAnEarlierVersionWroteWhichDidNotKnowWhenItWasAccepted() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(packed))) {
      out.writeInt(1);
      out.writeLong(7);
      out.writeLong(70);
      out.writeLong(NOON.toEpochMilli());
      out.writeLong(NOON.toEpochMilli() + 5);
      out.writeInt(200);
      out.writeInt(2);
      for (String name : List.of("box", "flow/office", "DATA-V1", "office")) {
        out.writeInt(List.of("box", "flow/office", "DATA-V1", "office").indexOf(name));
        out.writeUTF(name);
      }
    }
    CRC32C crc = new CRC32C();
    crc.update(packed.toByteArray());
    ByteBuffer block =
        ByteBuffer.allocate(8 + packed.size())
            .putInt(packed.size())
            .putInt((int) crc.getValue())
            .put(packed.toByteArray())
            .flip();

    assertThat(Block.read(block))
        .contains(
            List.of(
                new Delivery(
                    7,
                    "box",
                    70,
                    "flow/office",
                    "DATA-V1",
                    "office",
                    NOON,
                    Optional.empty(),
                    Optional.empty(),
                    NOON.plusMillis(5),
                    200,
                    2)));
  }

  @Test
  void keepsAllInSumsAndTheNewestOneByOne() throws Exception {
    try (Journal journal = Journal.open(directory.resolve("journal"), reports::add)) {
      for (int block = 0; block < 300; block++) {
        List<Delivery> deliveries = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
          int n = block * 1000 + i;
          deliveries.add(
              new Delivery(
                  n + 1,
                  "box",
                  n * 31L,
                  "flow/office",
                  "DATA-V1",
                  "office",
                  NOON.plusSeconds(n * 60L),
                  Optional.of(NOON.plusSeconds(n * 60L)),
                  Optional.empty(),
                  NOON.plusSeconds(n * 60L).plusMillis(n * 7919L % 1000),
                  200 + n % 7,
                  2));
        }
        journal.append(deliveries);
      }
    }
    try (Journal journal = Journal.open(directory.resolve("journal"), reports::add)) {
      List<Sum> sums = journal.sums().list();
      assertThat(sums.stream().mapToLong(Sum::messages).sum()).isEqualTo(300_000);
      assertThat(sums).hasSizeLessThan((Sums.MOST_DAYS + 2) * 25);
      assertThat(sums.get(0).span()).isZero();
      assertThat(journal.next()).isEqualTo(300_001);
      assertThat(journal.files()).isGreaterThan(2);
    }
    assertThat(reports).isEmpty();
  }
}
