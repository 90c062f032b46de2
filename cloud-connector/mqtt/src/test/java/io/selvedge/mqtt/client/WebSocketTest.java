package io.selvedge.mqtt.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WebSocketTest {

  private static final URI ENDPOINT = URI.create("ws://broker.example:8080/way/in");

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  /** Answers the handshake once it was asked, then goes on with these bytes. */
  private final class Server extends InputStream {
    private final UnaryOperator<String> answer;
    private final byte[] rest;
    private InputStream in = InputStream.nullInputStream();
    private boolean asked;

    Server(UnaryOperator<String> answer, byte... rest) {
      this.answer = answer;
      this.rest = rest;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int first = read(); // as a network does: what there is
      if (first >= 0) {
        bytes[offset] = (byte) first;
      }
      return first < 0 ? -1 : 1;
    }

    @Override
    public int read() throws IOException {
      if (!asked) {
        asked = true;
        Matcher key = Pattern.compile("Sec-WebSocket-Key: (\\S+)").matcher(sent.toString(US_ASCII));
        assertThat(key.find()).isTrue();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(answer.apply(accept(String.valueOf(key.group(1)))).getBytes(US_ASCII));
        all.writeBytes(rest);
        in = new ByteArrayInputStream(all.toByteArray());
      }
      return in.read();
    }
  }

  private static String accept(String key) {
    try {
      byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String good(String accept) {
    return "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nSec-WebSocket-Accept: "
        + accept
        + "\r\n\r\n";
  }

  private WebSocket open(byte... frames) throws IOException {
    return WebSocket.open(ENDPOINT, new Server(WebSocketTest::good, frames), sent);
  }

  @Test
  void asksForThePathAndForMqtt() throws Exception {
    open();
    assertThat(sent.toString(US_ASCII))
        .startsWith("GET /way/in HTTP/1.1\r\nHost: broker.example:8080\r\n")
        .contains("\r\nSec-WebSocket-Protocol: mqtt\r\n")
        .endsWith("\r\n\r\n");
  }

  /** RFC 6455, 5.4 and 5.5: data may come in fragments, with control frames between them. */
  @Test
  void readsFragmentsAnswersPingsAndEndsWithAClose() throws Exception {
    byte[] frames = {
      0x02, 2, 'a', 'b', (byte) 0x89, 1, 'p', (byte) 0x8a, 0, (byte) 0x80, 1, 'c', (byte) 0x88, 0
    };
    WebSocket web = open(frames);
    sent.reset();
    assertThat(web.in().readAllBytes()).isEqualTo("abc".getBytes(US_ASCII));
    byte[] pong = sent.toByteArray();
    assertThat(pong).hasSize(7).startsWith(0x8a, 0x81);
    assertThat(pong[6] ^ pong[2]).isEqualTo('p');
  }

  @Test
  void masksWhatItSendsWithLengthsOfAllKinds() throws Exception {
    WebSocket web = open();
    for (int size : new int[] {1, 125, 126, 65_535, 65_536}) {
      sent.reset();
      byte[] payload = new byte[size];
      payload[size - 1] = 42;
      web.out().write(payload);
      byte[] frame = sent.toByteArray();
      int header = size <= 125 ? 2 : size <= 0xffff ? 4 : 10;
      assertThat(frame).hasSize(header + 4 + size);
      assertThat(frame[0]).isEqualTo((byte) 0x82);
      assertThat(frame[1] & 0x80).isEqualTo(0x80);
      assertThat(frame[frame.length - 1] ^ frame[header + (size - 1) % 4]).isEqualTo(42);
    }
  }

  @Test
  void saysThatThereIsNoWebSocket() {
    assertThatThrownBy(
            () ->
                WebSocket.open(ENDPOINT, new Server(key -> "HTTP/1.1 404 Not Found\r\n\r\n"), sent))
        .hasMessage("no WebSocket there: it answers [HTTP/1.1 404 Not Found]; check the path");
    assertThatThrownBy(() -> WebSocket.open(ENDPOINT, new Server(key -> good("other")), sent))
        .hasMessageContaining("does not fit the question");
    assertThatThrownBy(() -> WebSocket.open(ENDPOINT, new Server(key -> "x".repeat(9999)), sent))
        .hasMessageContaining("too long");
    assertThatThrownBy(() -> WebSocket.open(ENDPOINT, new Server(key -> "HTTP/1.1 101"), sent))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void refusesFramesThatTheRfcForbids() throws Exception {
    WebSocket masked = open((byte) 0x82, (byte) 0x81, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
    assertThatThrownBy(() -> masked.in().read()).hasMessageContaining("masked");
    sent.reset();
    WebSocket longPing = open((byte) 0x89, (byte) 126, (byte) 1, (byte) 0);
    assertThatThrownBy(() -> longPing.in().read()).hasMessageContaining("RFC 6455 allows 125");
  }
}
