package io.selvedge.flow.definition;

import java.nio.charset.StandardCharsets;

/** Reads flows that are written down in a test. */
public final class Flows {

  private static final FlowReader READER = new FlowReader(new FlowSchema());

  private Flows() {}

  /** A flow in YAML that must be fine. */
  public static FlowDefinition yaml(String yaml) {
    try {
      return READER.read("test.flow.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    } catch (FlowException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** A flow that must be refused. */
  public static FlowException refused(String file, String text) {
    try {
      READER.read(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (FlowException e) {
      return e;
    }
    throw new AssertionError("this flow should be refused: " + text);
  }
}
