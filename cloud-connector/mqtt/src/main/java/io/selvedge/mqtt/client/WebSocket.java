package io.selvedge.mqtt.client;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;

/**
 * MQTT over WebSocket (RFC 6455; MQTT 3.1.1, section 6): a handshake in HTTP, then the bytes in
 * binary frames, those of the client masked.
 */
final class WebSocket {

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3
  private static final int MOST_HEADER = 8192;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int MOST_CONTROL = 125;

  private final SecureRandom random = new SecureRandom();
  private final DataInputStream in;
  private final OutputStream out;

  private WebSocket(InputStream in, OutputStream out) {
    this.in = new DataInputStream(new BufferedInputStream(in));
    this.out = out;
  }

  /**
   * Shakes hands.
   *
   * @param endpoint its path is asked for; without one {@code /mqtt}
   */
  static WebSocket open(URI endpoint, InputStream in, OutputStream out) throws IOException {
    WebSocket made = new WebSocket(in, out);
    made.shakeHands(endpoint);
    return made;
  }

  private void shakeHands(URI endpoint) throws IOException {
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    String key = Base64.getEncoder().encodeToString(nonce);
    String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
    String request =
        "GET "
            + (path.isEmpty() ? "/mqtt" : path)
            + " HTTP/1.1\r\nHost: "
            + endpoint.getHost()
            + ':'
            + Endpoints.port(endpoint)
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
            + key
            + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    check(key);
  }

  private void check(String key) throws IOException {
    String status = line(MOST_HEADER);
    if (!status.startsWith("HTTP/1.1 101")) {
      throw new IOException("no WebSocket there: it answers [" + status + "]; check the path");
    }
    boolean accepted = false;
    int left = MOST_HEADER;
    String line = line(left);
    while (!line.isEmpty()) {
      int colon = line.indexOf(':');
      String name = line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
      accepted |=
          name.equals("sec-websocket-accept")
              && line.substring(colon + 1).strip().equals(accept(key));
      left -= line.length();
      line = line(left);
    }
    if (!accepted) {
      throw new IOException("no WebSocket there: its answer does not fit the question");
    }
  }

  private String line(int most) throws IOException {
    StringBuilder line = new StringBuilder();
    int read = in.read();
    while (read != '\n') {
      if (read < 0) {
        throw new EOFException();
      }
      if (line.length() >= most) {
        throw new IOException("no WebSocket there: its answer is too long");
      }
      if (read != '\r') {
        line.append((char) read);
      }
      read = in.read();
    }
    return line.toString();
  }

  private static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java runtime has it
    }
  }

  InputStream in() {
    return new FrameInput();
  }

  OutputStream out() {
    return new FrameOutput();
  }

  /** One frame, whole and masked. */
  private synchronized void send(int opcode, byte[] bytes, int offset, int length)
      throws IOException {
    byte[] mask = new byte[4];
    random.nextBytes(mask);
    ByteBuffer frame = ByteBuffer.allocate(14 + length);
    frame.put((byte) (FINAL | opcode));
    if (length <= MOST_CONTROL) {
      frame.put((byte) (MASKED | length));
    } else if (length <= 0xffff) {
      frame.put((byte) (MASKED | 126)).putShort((short) length);
    } else {
      frame.put((byte) (MASKED | 127)).putLong(length);
    }
    frame.put(mask);
    for (int i = 0; i < length; i++) {
      frame.put((byte) (bytes[offset + i] ^ mask[i & 3]));
    }
    out.write(frame.array(), 0, frame.position());
    out.flush();
  }

  private final class FrameOutput extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      send(BINARY, bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /** What is in the data frames; answers pings, ends with a close. */
  private final class FrameInput extends InputStream {
    private long left;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (left == 0) {
        if (!next()) {
          return -1;
        }
      }
      int count = in.read(bytes, offset, (int) Math.min(left, length));
      left -= Math.max(0, count);
      return count;
    }

    /** To the next data frame; false at the end. */
    private boolean next() throws IOException {
      int first = in.read();
      if (first < 0) {
        return false;
      }
      int second = in.readUnsignedByte();
      if ((second & MASKED) != 0) {
        throw new IOException("frame of the broker is masked; RFC 6455 forbids it");
      }
      long length = second;
      if (second == 126) {
        length = in.readUnsignedShort();
      } else if (second == 127) {
        length = in.readLong();
      }
      int opcode = first & 0x0f;
      if (opcode <= BINARY) {
        left = length;
        return true;
      }
      return control(opcode, length);
    }

    private boolean control(int opcode, long length) throws IOException {
      if (length > MOST_CONTROL) {
        throw new IOException("control frame of [" + length + "] bytes; RFC 6455 allows 125");
      }
      byte[] content = new byte[(int) length];
      in.readFully(content);
      if (opcode == PING) {
        send(PONG, content, 0, content.length);
      } else if (opcode == CLOSE) {
        return false;
      }
      return true;
    }
  }
}
