package io.selvedge.protocol.kura;

import com.fasterxml.jackson.core.JsonGenerator;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.OptionalDouble;

/** Payload to {@link PayloadEncoding#SIMPLE_JSON}. */
final class SimpleJsonWriter {

  private SimpleJsonWriter() {}

  /** As UTF-8; what is no character of Unicode becomes a question mark. */
  static byte[] write(KuraPayload payload) {
    StringWriter text = new StringWriter(256);
    try (JsonGenerator json = Json.mapper().getFactory().createGenerator(text)) {
      write(json, payload);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory never fails
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void write(JsonGenerator json, KuraPayload payload) throws IOException {
    json.writeStartObject();
    if (payload.timestamp().isPresent()) {
      json.writeNumberField(SimpleJson.SENT_ON, payload.timestamp().get().toEpochMilli());
    }
    if (payload.position().isPresent()) {
      writePosition(json, payload.position().get());
    }
    json.writeObjectFieldStart(SimpleJson.METRICS);
    for (Map.Entry<String, Metric> entry : payload.metrics().entrySet()) {
      writeMetric(json, entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
    if (payload.body().length > 0) {
      json.writeStringField(SimpleJson.BODY, base64(payload.body()));
    }
    json.writeEndObject();
  }

  private static void writePosition(JsonGenerator json, Position position) throws IOException {
    json.writeObjectFieldStart(SimpleJson.POSITION);
    writeNumber(json, SimpleJson.LATITUDE, position.latitude());
    writeNumber(json, SimpleJson.LONGITUDE, position.longitude());
    writeNumber(json, SimpleJson.ALTITUDE, position.altitude());
    writeNumber(json, SimpleJson.HEADING, position.heading());
    writeNumber(json, SimpleJson.PRECISION, position.precision());
    if (position.satellites().isPresent()) {
      json.writeNumberField(SimpleJson.SATELLITES, position.satellites().getAsInt());
    }
    writeNumber(json, SimpleJson.SPEED, position.speed());
    if (position.timestamp().isPresent()) {
      json.writeNumberField(SimpleJson.TIMESTAMP, position.timestamp().get().toEpochMilli());
    }
    if (position.status().isPresent()) {
      json.writeNumberField(SimpleJson.STATUS, position.status().getAsInt());
    }
    json.writeEndObject();
  }

  private static void writeNumber(JsonGenerator json, String name, OptionalDouble value)
      throws IOException {
    if (value.isPresent()) {
      writeNumber(json, name, value.getAsDouble());
    }
  }

  private static void writeNumber(JsonGenerator json, String name, double value)
      throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumberField(name, value);
    }
  }

  private static void writeMetric(JsonGenerator json, String name, Metric metric)
      throws IOException {
    if (metric instanceof Metric.Double64 d) {
      writeNumber(json, name, d.value());
    } else if (metric instanceof Metric.Float32 f) {
      if (Float.isFinite(f.value())) {
        json.writeNumberField(name, f.value());
      }
    } else if (metric instanceof Metric.Int64 l) {
      json.writeNumberField(name, l.value());
    } else if (metric instanceof Metric.Int32 i) {
      json.writeNumberField(name, i.value());
    } else if (metric instanceof Metric.Bool b) {
      json.writeBooleanField(name, b.value());
    } else if (metric instanceof Metric.Text t) {
      json.writeStringField(name, t.value());
    } else if (metric instanceof Metric.Bytes bytes) {
      json.writeStringField(name, base64(bytes.value()));
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
