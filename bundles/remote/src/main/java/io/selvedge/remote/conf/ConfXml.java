package io.selvedge.remote.conf;

import io.selvedge.api.configuration.Snapshots;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.ObjectClassDefinition;

/** Writes configurations as Kura's XML. */
final class ConfXml {

  static final String ESF = "http://eurotech.com/esf/2.0";
  static final String OCD = "http://www.osgi.org/xmlns/metatype/v1.2.0";

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;

  /** What of a configuration is written. */
  record Configuration(
      String pid, Map<String, Object> values, Optional<ObjectClassDefinition> type, boolean told) {}

  private ConfXml() throws XMLStreamException {
    xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
    xml.writeStartDocument("UTF-8", "1.0");
  }

  /**
   * Configurations.
   *
   * @param secret whether the value of a PID's key is masked; it is then a password
   */
  static String configurations(List<Configuration> all, BiPredicate<String, String> secret) {
    try {
      ConfXml writer = new ConfXml();
      writer.start("configurations", true);
      for (Configuration one : all) {
        writer.configuration(one, secret);
      }
      return writer.end();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML cannot be written", e);
    }
  }

  /** Ids of snapshots. */
  static String snapshotIds(List<Long> ids) {
    try {
      ConfXml writer = new ConfXml();
      writer.start("snapshot-ids", true);
      for (long id : ids) {
        writer.start("snapshotIds", false);
        writer.xml.writeCharacters(Long.toString(id));
        writer.xml.writeEndElement();
      }
      return writer.end();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML cannot be written", e);
    }
  }

  private void start(String name, boolean root) throws XMLStreamException {
    xml.writeStartElement("esf", name, ESF);
    if (root) {
      xml.writeNamespace("esf", ESF);
      xml.writeNamespace("ocd", OCD);
    }
  }

  private String end() throws XMLStreamException {
    xml.writeEndElement();
    xml.writeEndDocument();
    xml.flush();
    return text.toString();
  }

  private void configuration(Configuration one, BiPredicate<String, String> secret)
      throws XMLStreamException {
    start("configuration", false);
    xml.writeAttribute("pid", one.pid());
    if (one.told() && one.type().isPresent()) {
      definition(one.type().get());
    }
    start("properties", false);
    for (Map.Entry<String, Object> value : new TreeMap<>(one.values()).entrySet()) {
      Optional<AttributeDefinition> declared = Definitions.attribute(one.type(), value.getKey());
      property(value.getKey(), value.getValue(), declared, secret.test(one.pid(), value.getKey()));
    }
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private void property(
      String name, Object value, Optional<AttributeDefinition> declared, boolean secret)
      throws XMLStreamException {
    List<Object> all = TypeName.elements(value);
    TypeName type = declared.map(TypeName::of).orElse(TypeName.of(value));
    if (secret) {
      type = TypeName.PASSWORD;
      all = value.toString().isEmpty() ? all : List.of(Snapshots.MASK);
    } else if (!readable(type, name, all)) {
      type = TypeName.of(value);
    }
    start("property", false);
    xml.writeAttribute("array", Boolean.toString(!secret && TypeName.several(value)));
    xml.writeAttribute("encrypted", "false");
    xml.writeAttribute("name", name);
    xml.writeAttribute("type", type.text());
    for (Object element : all) {
      start("value", false);
      xml.writeCharacters(legal(String.valueOf(element)));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  /** A file may hold a text where a number is declared: a placeholder, a mistake. */
  private static boolean readable(TypeName type, String name, List<Object> all) {
    try {
      all.forEach(one -> type.value(name, String.valueOf(one)));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** XML 1.0 has no way to write most control characters. */
  private static String legal(String value) {
    return value.replaceAll("[^\\x09\\x0A\\x0D\\x20-\\uFFFD\\x{10000}-\\x{10FFFF}]", "\uFFFD");
  }

  private void definition(ObjectClassDefinition type) throws XMLStreamException {
    xml.writeStartElement("ocd", "OCD", OCD);
    attribute("description", type.getDescription());
    attribute("id", type.getID());
    attribute("name", type.getName());
    List<String> required =
        Optional.ofNullable(type.getAttributeDefinitions(ObjectClassDefinition.REQUIRED))
            .map(List::of)
            .orElse(List.of())
            .stream()
            .map(AttributeDefinition::getID)
            .toList();
    for (AttributeDefinition one : Definitions.attributes(type)) {
      xml.writeStartElement("ocd", "AD", OCD);
      attribute("cardinality", Integer.toString(one.getCardinality()));
      String[] value = one.getDefaultValue();
      attribute("default", value == null ? null : String.join(",", value));
      attribute("description", one.getDescription());
      attribute("id", one.getID());
      attribute("name", one.getName());
      attribute("required", Boolean.toString(required.contains(one.getID())));
      attribute("type", TypeName.of(one).text());
      options(one);
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private void options(AttributeDefinition one) throws XMLStreamException {
    String[] values = one.getOptionValues();
    String[] labels = one.getOptionLabels();
    for (int i = 0; values != null && i < values.length; i++) {
      xml.writeEmptyElement("ocd", "Option", OCD);
      attribute("label", labels == null ? values[i] : labels[i]);
      attribute("value", values[i]);
    }
  }

  private void attribute(String name, @Nullable String value) throws XMLStreamException {
    if (value != null) {
      xml.writeAttribute(name, legal(value));
    }
  }
}
