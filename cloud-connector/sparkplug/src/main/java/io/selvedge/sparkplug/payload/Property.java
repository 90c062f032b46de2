package io.selvedge.sparkplug.payload;

import java.util.Objects;
import java.util.Optional;

/**
 * A property of a metric, for example its unit.
 *
 * @param type number of its data type
 * @param content its value; empty: null
 */
public record Property(int type, Optional<Content> content) {

  /** Key of the property that says how good a value is. */
  public static final String QUALITY = "Quality";

  /** Value of {@link #QUALITY}: the value is good. */
  public static final int GOOD = 192;

  /** Value of {@link #QUALITY}: there is no value. */
  public static final int BAD = 0;

  /** Value of {@link #QUALITY}: the value is from before, and nothing is known of now. */
  public static final int STALE = 500;

  public Property {
    Objects.requireNonNull(content, "content must not be null; give an empty one");
  }

  /** A text. */
  public static Property of(String text) {
    return new Property(DataType.STRING.number(), Optional.of(new Content.Text(text)));
  }

  /** A quality code: {@link #GOOD}, {@link #BAD} or {@link #STALE}. */
  public static Property quality(int code) {
    return new Property(DataType.INT32.number(), Optional.of(new Content.Int32(code)));
  }
}
