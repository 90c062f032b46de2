package io.selvedge.flow.definition;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.selvedge.flow.expression.Expressions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a flow from JSON or YAML: form, then schema, then meaning, then expressions. A flow that
 * passes here runs. Thread-safe.
 */
public final class FlowReader {

  /** A flow file that is larger than this is refused, bytes. */
  public static final int MOST_BYTES = 1 << 20;

  private final FlowSchema schema;
  private final Expressions expressions = new Expressions();
  private final ObjectMapper json =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private final ObjectMapper yaml =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  public FlowReader(FlowSchema schema) {
    this.schema = schema;
  }

  /**
   * Reads a flow.
   *
   * @param source the file's name, for messages; its ending says whether it is JSON or YAML
   * @param bytes the file
   * @throws FlowException with all that is wrong
   */
  public FlowDefinition read(String source, byte[] bytes) throws FlowException {
    JsonNode document = parse(source, bytes);
    List<Problem> problems = new ArrayList<>(schema.check(document));
    if (!document.path("inputs").isObject()) {
      throw new FlowException(source, problems);
    }
    Compilation compilation = new Compilation(document, expressions);
    FlowDefinition definition = compilation.run();
    // What the schema has named already is not named twice.
    List<Problem> named = List.copyOf(problems);
    compilation.problems().stream()
        .filter(problem -> named.stream().noneMatch(problem::isWithin))
        .forEach(problems::add);
    if (!problems.isEmpty()) {
      throw new FlowException(source, problems);
    }
    return definition;
  }

  private JsonNode parse(String source, byte[] bytes) throws FlowException {
    if (bytes.length > MOST_BYTES) {
      throw refused(
          source,
          "it is larger than [" + MOST_BYTES + "] bytes; a flow is smaller, take out what is none");
    }
    boolean isJson = source.endsWith(".json");
    String form = isJson ? "JSON" : "YAML";
    try {
      JsonNode document =
          (isJson ? json : yaml).readTree(new String(bytes, StandardCharsets.UTF_8));
      if (document == null || !document.isObject()) {
        throw refused(
            source, "the file holds no " + form + " object; begin it with [flow], the flow's name");
      }
      return document;
    } catch (JsonProcessingException e) {
      throw refused(
          source,
          "it is not "
              + form
              + where(e.getLocation())
              + ": "
              + String.valueOf(e.getOriginalMessage()).replaceAll("\\s+", " ").strip()
              + "; mend it there");
    }
  }

  private static String where(@Nullable JsonLocation at) {
    return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  private static FlowException refused(String source, String message) {
    return new FlowException(source, List.of(new Problem("$", message)));
  }
}
