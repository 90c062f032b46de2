package io.selvedge.remote.conf;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.osgi.service.metatype.AttributeDefinition;

/** The types of properties by Kura's names. */
enum TypeName {
  STRING("String", String.class, AttributeDefinition.STRING),
  LONG("Long", Long.class, AttributeDefinition.LONG),
  DOUBLE("Double", Double.class, AttributeDefinition.DOUBLE),
  FLOAT("Float", Float.class, AttributeDefinition.FLOAT),
  INTEGER("Integer", Integer.class, AttributeDefinition.INTEGER),
  BYTE("Byte", Byte.class, AttributeDefinition.BYTE),
  CHAR("Char", Character.class, AttributeDefinition.CHARACTER),
  BOOLEAN("Boolean", Boolean.class, AttributeDefinition.BOOLEAN),
  SHORT("Short", Short.class, AttributeDefinition.SHORT),
  PASSWORD("Password", String.class, AttributeDefinition.PASSWORD);

  private final String text;
  private final Class<?> type;
  private final int code;

  TypeName(String text, Class<?> type, int code) {
    this.text = text;
    this.type = type;
    this.code = code;
  }

  String text() {
    return text;
  }

  /** By Kura's name, as it stands in XML. */
  static TypeName parse(String text) {
    for (TypeName one : values()) {
      if (one.text.equals(text)) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "type ["
            + text
            + "] must be String, Long, Double, Float, Integer, Byte, Char, Boolean, Short or"
            + " Password");
  }

  /** By the number that a bundle's declaration has. */
  static TypeName of(AttributeDefinition definition) {
    for (TypeName one : values()) {
      if (one.code == definition.getType()) {
        return one;
      }
    }
    return STRING;
  }

  /** Of a value, of several the first. */
  static TypeName of(Object value) {
    List<Object> all = elements(value);
    for (TypeName one : values()) {
      if (!all.isEmpty() && one.type.isInstance(all.get(0))) {
        return one;
      }
    }
    return STRING;
  }

  /** Whether a value is several. */
  static boolean several(Object value) {
    return value.getClass().isArray() || value instanceof Collection;
  }

  static List<Object> elements(Object value) {
    List<Object> all = new ArrayList<>();
    if (value instanceof Collection<?> some) {
      all.addAll(some);
    } else if (value.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(value); i++) {
        all.add(Array.get(value, i));
      }
    } else {
      all.add(value);
    }
    return all;
  }

  /** A text as a value of this type. */
  Object value(String name, String value) {
    try {
      return switch (this) {
        case STRING, PASSWORD -> value;
        case LONG -> Long.valueOf(value.strip());
        case DOUBLE -> Double.valueOf(value.strip());
        case FLOAT -> Float.valueOf(value.strip());
        case INTEGER -> Integer.valueOf(value.strip());
        case BYTE -> Byte.valueOf(value.strip());
        case SHORT -> Short.valueOf(value.strip());
        case BOOLEAN -> bool(value.strip());
        case CHAR -> character(value);
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "property [" + name + "] is [" + value + "]; it must be of type " + text, e);
    }
  }

  private static Boolean bool(String value) {
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException("neither true nor false");
    }
    return Boolean.valueOf(value);
  }

  private static Character character(String value) {
    if (value.length() != 1) {
      throw new IllegalArgumentException("not one character");
    }
    return value.charAt(0);
  }

  /** Several of this type. */
  Object array(List<Object> values) {
    Object array = Array.newInstance(type, values.size());
    for (int i = 0; i < values.size(); i++) {
      Array.set(array, i, values.get(i));
    }
    return array;
  }
}
