package io.selvedge.hub.ingest;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a message says in 128 bits of SHA-256: application, resource, time, metrics and body. Two
 * messages with the same digest are the same one come twice. Whether it was compressed, and the
 * order of its metrics, make no difference.
 */
final class Digest {

  private Digest() {}

  static UUID of(Message message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      text(out, message.app());
      text(out, message.resource());
      text(out, message.source());
      out.writeLong(message.time().toEpochMilli());
      out.writeInt(message.metrics().size());
      for (Map.Entry<String, Value> metric : new TreeMap<>(message.metrics()).entrySet()) {
        text(out, metric.getKey());
        text(out, metric.getValue().getClass().getSimpleName());
        text(out, metric.getValue().display());
      }
      out.write(message.body());
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    ByteBuffer digest = ByteBuffer.wrap(sha256().digest(bytes.toByteArray()));
    return new UUID(digest.getLong(), digest.getLong());
  }

  /** With its length before it, so that no two texts run together. */
  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
