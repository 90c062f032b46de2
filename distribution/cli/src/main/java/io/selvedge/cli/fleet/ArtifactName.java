package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An artifact as it is named on the command line: {@code occupancy}, {@code occupancy@7}, {@code
 * flow/office@3}. The kind is model where none is given, the version the newest.
 */
record ArtifactName(String kind, String name, String version) {

  private static final Pattern FORM =
      Pattern.compile("(?:(model|flow|bundle|configuration)/)?([a-z][a-z0-9._-]*)(?:@([^@]+))?");

  ObjectNode toJson() {
    ObjectNode json = HubClient.JSON.createObjectNode().put("kind", kind).put("name", name);
    return version.isEmpty() ? json : json.put("version", version);
  }

  /** Puts these into a request; leaves out the list where there are none. */
  static void put(ObjectNode body, String field, List<ArtifactName> names) {
    if (!names.isEmpty()) {
      ArrayNode list = body.putArray(field);
      names.forEach(one -> list.add(one.toJson()));
    }
  }

  @Override
  public String toString() {
    return kind.toLowerCase(Locale.ROOT) + "/" + name + (version.isEmpty() ? "" : "@" + version);
  }

  /** Reads one. */
  static final class Converter implements ITypeConverter<ArtifactName> {

    @Override
    public ArtifactName convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "artifact ["
                + text
                + "] must be NAME, NAME@VERSION or KIND/NAME@VERSION with one of model, flow,"
                + " bundle, configuration, for example occupancy@7 or flow/office");
      }
      String kind = matcher.group(1) == null ? "model" : matcher.group(1);
      return new ArtifactName(
          kind.toUpperCase(Locale.ROOT),
          matcher.group(2),
          matcher.group(3) == null ? "" : matcher.group(3));
    }
  }
}
