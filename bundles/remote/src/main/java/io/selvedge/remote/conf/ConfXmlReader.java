package io.selvedge.remote.conf;

import io.selvedge.api.configuration.Snapshots;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads Kura's XML of configurations. Names count without their prefixes, as Kura reads them; a
 * document type is refused.
 */
final class ConfXmlReader {

  static final int MOST_BYTES = 1 << 20;

  private final Map<String, Map<String, Object>> all = new LinkedHashMap<>();
  private final XMLStreamReader xml;

  private ConfXmlReader(XMLStreamReader xml) {
    this.xml = xml;
  }

  /**
   * Values by PID and key.
   *
   * @throws IllegalArgumentException it is not such XML, and where
   */
  static Map<String, Map<String, Object>> read(byte[] body) {
    if (body.length == 0 || body.length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "body of ["
              + body.length
              + "] bytes must hold configurations as XML, at most "
              + MOST_BYTES
              + " bytes");
    }
    XMLInputFactory factory = XMLInputFactory.newInstance();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      ConfXmlReader reader =
          new ConfXmlReader(factory.createXMLStreamReader(new ByteArrayInputStream(body)));
      reader.document();
      return reader.all;
    } catch (XMLStreamException e) {
      throw new IllegalArgumentException(
          "body is not XML: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "), e);
    }
  }

  private void document() throws XMLStreamException {
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.DTD) {
        throw new IllegalArgumentException("body must have no document type; leave it out");
      }
      if (event == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("configuration")) {
        String pid = need("pid", xml.getAttributeValue(null, "pid"));
        all.computeIfAbsent(pid, key -> new LinkedHashMap<>()).putAll(configuration());
      }
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException(
          "body must hold at least one element [configuration] with a [pid]");
    }
  }

  private Map<String, Object> configuration() throws XMLStreamException {
    Map<String, Object> values = new LinkedHashMap<>();
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("configuration")) {
        return values;
      }
      if (event == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("property")) {
        property(values);
      }
    }
    return values;
  }

  private void property(Map<String, Object> values) throws XMLStreamException {
    String name = need("name", xml.getAttributeValue(null, "name"));
    String typeName = xml.getAttributeValue(null, "type");
    TypeName type = TypeName.parse(typeName == null ? "String" : typeName);
    boolean several = Boolean.parseBoolean(xml.getAttributeValue(null, "array"));
    boolean encrypted = Boolean.parseBoolean(xml.getAttributeValue(null, "encrypted"));
    List<Object> elements = new ArrayList<>();
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("property")) {
        break;
      }
      if (event == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("value")) {
        elements.add(type.value(name, xml.getElementText()));
      }
    }
    if (encrypted && !elements.equals(List.of(Snapshots.MASK))) {
      throw new IllegalArgumentException(
          "property ["
              + name
              + "] is encrypted with another gateway's key; send it with encrypted=\"false\", or ["
              + Snapshots.MASK
              + "] to leave it as it is");
    }
    if (several) {
      values.put(name, type.array(elements));
    } else if (elements.size() == 1) {
      values.put(name, elements.get(0));
    } else if (elements.size() > 1) {
      throw new IllegalArgumentException(
          "property [" + name + "] has [" + elements.size() + "] values; say array=\"true\"");
    }
  }

  private static String need(String what, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException("attribute [" + what + "] is missing; add it");
    }
    return value;
  }
}
