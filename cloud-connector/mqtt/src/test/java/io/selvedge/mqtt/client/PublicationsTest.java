package io.selvedge.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.mqtt.client.ConnectionException.Kind;
import io.selvedge.mqtt.client.ConnectionListener.Incoming;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublicationsTest {

  private final ByteArrayOutputStream network = new ByteArrayOutputStream();
  private final CoalescingOutput out = new CoalescingOutput(network, "test-out");
  private final PacketIds ids = new PacketIds(10);
  private final List<String> heard = new ArrayList<>();
  private Optional<Consumer<Incoming>> direct = Optional.empty();

  @AfterEach
  void close() throws IOException {
    out.close();
  }

  private Publications with(int... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return new Publications(new ByteArrayInputStream(all), out, ids, direct);
  }

  private PublishListener listener(String name) {
    return new PublishListener() {
      @Override
      public void done() {
        heard.add(name);
      }

      @Override
      public void failed(String reason) {
        heard.add(name + ": " + reason);
      }
    };
  }

  private byte[] written() throws IOException {
    out.close();
    return network.toByteArray();
  }

  @Test
  void writesPacketsAsTheStandardHasThem() throws Exception {
    Publications publications = with();
    publications.publish("a/ä", new byte[] {7, 8}, false, listener("one"));
    publications.publish("a/ä", new byte[200], true, listener("two"));
    publications.flush();

    byte[] first = {0x32, 10, 0, 4, 'a', '/', (byte) 0xc3, (byte) 0xa4, 0, 1, 7, 8};
    byte[] second = {0x33, (byte) 0xd0, 1, 0, 4, 'a', '/', (byte) 0xc3, (byte) 0xa4, 0, 2};
    byte[] expected = new byte[first.length + second.length + 200];
    System.arraycopy(first, 0, expected, 0, first.length);
    System.arraycopy(second, 0, expected, first.length, second.length);
    assertThat(written()).isEqualTo(expected);
  }

  @Test
  void takesItsAcknowledgementsOutOfWhatPahoReads() throws Exception {
    Publications publications =
        with(
            0x40, 2, 0, 2, // the second of ours
            0x30, 5, 0, 1, 't', 0x40, 2, // a message in which something looks like one
            0xd0, 0, // the answer to our ping
            0x40, 2, 0, 3, // of a number that is not ours
            0x40, 2, 0, 1, // the first of ours
            0xb0, 2, 0, 4); // the end of a subscription
    publications.publish("t", new byte[1], false, listener("one"));
    publications.publish("t", new byte[1], false, listener("two"));
    assertThat(ids.take()).isEqualTo(3);

    assertThat(publications.pahoIn().readAllBytes())
        .containsExactly(0x30, 5, 0, 1, 't', 0x40, 2, 0x40, 2, 0, 3, 0xb0, 2, 0, 4);
    assertThat(heard).containsExactly("two", "one");
  }

  private void hear(Incoming message) {
    heard.add(
        message.topic()
            + " "
            + Arrays.toString(message.payload())
            + (message.retained() ? " retained" : ""));
  }

  @Test
  void messagesAtMostOnceAreToldHereWhereSomebodyTakesThem() throws Exception {
    direct = Optional.of(this::hear);
    Publications publications =
        with(
            0x30, 5, 0, 1, 't', 0x40, 2, 0x31, 3, 0, 1, 'u', 0x32, 6, 0, 1, 't', 0, 7,
            9, // at QoS 1: for Paho
            0x30, 4, 0, 1, 't', 3);

    assertThat(publications.pahoIn().readAllBytes()).containsExactly(0x32, 6, 0, 1, 't', 0, 7, 9);
    assertThat(heard).containsExactly("t [64, 2]", "u [] retained", "t [3]");
  }

  @Test
  void aMessageThatIsNoneEndsTheConnection() {
    direct = Optional.of(this::hear);
    for (int[] bad : new int[][] {{0x30, 1, 0}, {0x30, 0}, {0x30, 3, 0, 2, 't'}}) {
      assertThatThrownBy(() -> with(bad).pahoIn().readAllBytes())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ends within its topic");
    }
    assertThatThrownBy(() -> with(0x30, 9, 0, 1, 't', 1).pahoIn().readAllBytes())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("within a message");
    assertThat(heard).isEmpty();
  }

  @Test
  void aListenerThatFailsEndsTheConnection() {
    direct =
        Optional.of(
            message -> {
              throw new IllegalStateException("full");
            });
    assertThatThrownBy(() -> with(0x30, 3, 0, 1, 't').pahoIn().readAllBytes())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("full");
  }

  @Test
  void cutsWhereverTheNetworkDoes() throws Exception {
    byte[] body = new byte[300];
    Arrays.fill(body, (byte) 0x40);
    ByteArrayOutputStream from = new ByteArrayOutputStream();
    from.write(new byte[] {0x40, 2, 0, 1, 0x30, (byte) 0xac, 2});
    from.write(body);
    from.write(new byte[] {0x40, 2, 0, 2});
    InputStream drops =
        new ByteArrayInputStream(from.toByteArray()) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, 1));
          }
        };
    Publications publications = new Publications(drops, out, ids, direct);
    publications.publish("t", new byte[1], false, listener("one"));
    publications.publish("t", new byte[1], false, listener("two"));

    byte[] seen = publications.pahoIn().readAllBytes();
    assertThat(seen).hasSize(303).startsWith(0x30, 0xac, 2);
    assertThat(heard).containsExactly("one", "two");
  }

  @Test
  void leavesAStreamThatEndsWithinAPacketToPaho() throws Exception {
    assertThat(with(0x40, 2, 0).pahoIn().readAllBytes()).startsWith(0x40, 2, 0);
    assertThat(with(0x30).pahoIn().readAllBytes()).containsExactly(0x30);
    assertThatThrownBy(() -> with(0x30, 0xff, 0xff, 0xff, 0xff, 1).pahoIn().readAllBytes())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("without a length");
  }

  @Test
  void neverTearsAPacketOfPahos() throws Exception {
    Publications publications = with();
    publications.pahoOut().write(new byte[] {(byte) 0x82, 1});
    publications.publish("t", new byte[0], false, listener("one"));
    publications.pahoOut().write(9);
    publications.pahoOut().flush();

    assertThat(written()).containsExactly(0x32, 5, 0, 1, 't', 0, 1, 0x82, 1, 9);
  }

  @Test
  void tellsEachWhoWaitsOnceThatTheConnectionHasEnded() throws Exception {
    Publications publications = with();
    publications.publish("t", new byte[0], false, listener("one"));
    int paho = ids.take();
    publications.end("gone");
    publications.end("gone again");
    ids.give(paho);

    assertThat(heard).containsExactly("one: gone");
    assertThatThrownBy(() -> publications.publish("t", new byte[0], false, listener("late")))
        .isInstanceOfSatisfying(
            ConnectionException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOST));
    assertThat(heard).hasSize(1);
  }

  @Test
  void refusesWhatMqttForbids() {
    Publications publications = with();
    String longest = "t".repeat(65_536);
    for (String topic : List.of("a/#", "", longest)) {
      assertThatThrownBy(() -> publications.publish(topic, new byte[0], false, listener("x")))
          .as(topic.substring(0, Math.min(5, topic.length())))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(heard).isEmpty();
  }

  @Test
  void noNumberIsTakenTwiceAndAllComeRound() {
    PacketIds few = new PacketIds(1);
    List<Integer> taken = new ArrayList<>();
    for (int id = few.take(PublishListener.NONE); id != 0; id = few.take(PublishListener.NONE)) {
      taken.add(id);
    }
    assertThat(taken).hasSize(1023).doesNotHaveDuplicates().doesNotContain(0);
    assertThat(few.acknowledged(500)).isSameAs(PublishListener.NONE);
    assertThat(few.acknowledged(500)).isNull();
    assertThat(few.acknowledged(65_535)).isNull();
    assertThat(few.take(PublishListener.NONE)).isEqualTo(500);
  }

  @Test
  void waitsForWhatIsUnderWayNoLongerThanItIsTold() throws Exception {
    Publications publications = with(0x40, 2, 0, 1);
    publications.publish("t", "x".getBytes(StandardCharsets.UTF_8), false, listener("one"));
    int paho = ids.take();
    ids.drain(1);
    assertThat(heard).isEmpty();
    assertThat(publications.pahoIn().readAllBytes()).isEmpty();
    ids.drain(60_000); // what Paho waits for is its own affair
    assertThat(heard).containsExactly("one");
    ids.give(paho);
  }
}
