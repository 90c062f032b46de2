package io.selvedge.remote.deploy;

import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Packages and bundles as Kura's XML. */
final class DeployXml {

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;

  /** A bundle of the framework. */
  record Row(long id, String name, String version, String state) {}

  private DeployXml() throws XMLStreamException {
    xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
    xml.writeStartDocument("UTF-8", "1.0");
  }

  static String packages(List<Installed> all) {
    try {
      DeployXml writer = new DeployXml();
      writer.xml.writeStartElement("packages");
      for (Installed one : all) {
        writer.xml.writeStartElement("package");
        writer.element("name", one.name());
        writer.element("version", one.version());
        writer.xml.writeStartElement("bundles");
        for (PackageFile.Member bundle : one.bundles()) {
          writer.xml.writeStartElement("bundle");
          writer.element("name", bundle.symbolicName());
          writer.element("version", bundle.version());
          writer.xml.writeEndElement();
        }
        writer.xml.writeEndElement();
        writer.xml.writeEndElement();
      }
      return writer.end();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML cannot be written", e);
    }
  }

  static String bundles(List<Row> all) {
    try {
      DeployXml writer = new DeployXml();
      writer.xml.writeStartElement("bundles");
      for (Row one : all) {
        writer.xml.writeStartElement("bundle");
        writer.element("name", one.name());
        writer.element("version", one.version());
        writer.element("id", Long.toString(one.id()));
        writer.element("state", one.state());
        writer.xml.writeEndElement();
      }
      return writer.end();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML cannot be written", e);
    }
  }

  private void element(String name, String value) throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters(value);
    xml.writeEndElement();
  }

  private String end() throws XMLStreamException {
    xml.writeEndElement();
    xml.writeEndDocument();
    xml.flush();
    return text.toString();
  }
}
