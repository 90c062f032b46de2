package io.selvedge.flow.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The published JSON schema of a flow. Thread-safe. */
public final class FlowSchema {

  private static final String RESOURCE = "flow.schema.json";

  private final String text;
  private final JsonSchema schema;

  public FlowSchema() {
    text = load();
    JsonNode tree;
    try {
      tree = new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder().pathType(PathType.JSON_PATH).build();
    schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(tree, config);
    schema.initializeValidators();
  }

  /** As JSON text. */
  public String text() {
    return text;
  }

  /** All that a document breaks; empty where it breaks nothing. */
  List<Problem> check(JsonNode document) {
    Set<Problem> problems = new LinkedHashSet<>();
    for (ValidationMessage message : schema.validate(document)) {
      problems.add(SchemaProblem.of(message, schema.getSchemaNode()));
    }
    return List.copyOf(problems);
  }

  private static String load() {
    try (InputStream in = FlowSchema.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "resource [" + RESOURCE + "] must be in the flow bundle; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
