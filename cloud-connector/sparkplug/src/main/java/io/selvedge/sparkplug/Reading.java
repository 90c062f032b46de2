package io.selvedge.sparkplug;

import io.selvedge.api.device.Value;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataSet;
import io.selvedge.sparkplug.payload.DataType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a message says under one name. */
sealed interface Reading {

  /** The type of a metric for it, which only ever grows. */
  DataType type(Optional<DataType> before);

  /**
   * It in a metric of this type; empty where it is missing, or cannot be one.
   *
   * @param time of the message
   */
  Optional<Content> content(DataType type, long time);

  /** Why there is none. */
  String reason();

  /** Bytes that it may take beside its name and what each metric takes. */
  long size();

  /** A value. */
  record Plain(Value value) implements Reading {
    @Override
    public DataType type(Optional<DataType> before) {
      return Contents.typeFor(value, before);
    }

    @Override
    public Optional<Content> content(DataType type, long time) {
      return Contents.of(value, type);
    }

    @Override
    public String reason() {
      return value.display();
    }

    @Override
    public long size() {
      return value.number().isPresent() ? 0 : utf8(value.display());
    }
  }

  /** Several values of one channel as one: an instance of a template. */
  record Aggregated(Aggregate aggregate) implements Reading {
    @Override
    public DataType type(Optional<DataType> before) {
      return grown(DataType.TEMPLATE, before);
    }

    @Override
    public Optional<Content> content(DataType type, long time) {
      return Optional.of(
          type == DataType.TEMPLATE
              ? aggregate.instance(time)
              : new Content.Text(aggregate.toString()));
    }

    @Override
    public String reason() {
      return "";
    }

    @Override
    public long size() {
      return Math.max(
          aggregate.instance(Long.MAX_VALUE).message().length, utf8(aggregate.toString()));
    }
  }

  /**
   * A text that is a table.
   *
   * @param text as it came
   */
  record Table(DataSet table, String text) implements Reading {
    @Override
    public DataType type(Optional<DataType> before) {
      return grown(DataType.DATA_SET, before);
    }

    @Override
    public Optional<Content> content(DataType type, long time) {
      return Optional.of(type == DataType.DATA_SET ? table.content() : new Content.Text(text));
    }

    @Override
    public String reason() {
      return "";
    }

    @Override
    public long size() {
      return Math.max(table.content().message().length, utf8(text));
    }
  }

  private static DataType grown(DataType own, Optional<DataType> before) {
    return before.isEmpty() || before.get() == own ? own : DataType.STRING;
  }

  private static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
