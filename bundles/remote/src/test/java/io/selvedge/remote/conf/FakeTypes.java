package io.selvedge.remote.conf;

import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.ObjectClassDefinition;

/** A declared configuration with attributes of each kind. */
final class FakeTypes implements ObjectClassDefinition {

  private final String id;
  private final List<AttributeDefinition> attributes;

  FakeTypes(String id, AttributeDefinition... attributes) {
    this.id = id;
    this.attributes = List.of(attributes);
  }

  /** An attribute; a number must be at least 1. */
  record Attribute(String id, int type, String otherwise) implements AttributeDefinition {
    @Override
    public String getName() {
      return "The " + id;
    }

    @Override
    public String getID() {
      return id;
    }

    @Override
    public String getDescription() {
      return "<" + id + "> & more";
    }

    @Override
    public int getCardinality() {
      return 0;
    }

    @Override
    public int getType() {
      return type;
    }

    @Override
    public String @Nullable [] getOptionValues() {
      return null;
    }

    @Override
    public String @Nullable [] getOptionLabels() {
      return null;
    }

    @Override
    public String validate(String value) {
      return type == INTEGER && Integer.parseInt(value) < 1 ? "must be at least 1" : "";
    }

    @Override
    public String[] getDefaultValue() {
      return new String[] {otherwise};
    }
  }

  @Override
  public String getName() {
    return "A " + id;
  }

  @Override
  public String getID() {
    return id;
  }

  @Override
  public String getDescription() {
    return "made for a test";
  }

  @Override
  public AttributeDefinition @Nullable [] getAttributeDefinitions(int filter) {
    return filter == OPTIONAL ? null : attributes.toArray(AttributeDefinition[]::new);
  }

  @Override
  public @Nullable InputStream getIcon(int size) {
    return null;
  }
}
