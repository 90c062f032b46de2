package io.selvedge.remote.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * A package that is installed.
 *
 * @param name as the request named it
 * @param version likewise
 * @param sha256 of its file, which is kept under this name
 * @param signer who vouches for it
 * @param bundles symbolic name and version of each
 */
record Installed(
    String name, String version, String sha256, String signer, List<PackageFile.Member> bundles) {

  static byte[] toJson(List<Installed> all) {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("format", 1);
    ArrayNode packages = json.putArray("packages");
    for (Installed one : all) {
      ObjectNode item = packages.addObject();
      item.put("name", one.name).put("version", one.version);
      item.put("sha256", one.sha256).put("signer", one.signer);
      ArrayNode bundles = item.putArray("bundles");
      for (PackageFile.Member bundle : one.bundles) {
        bundles
            .addObject()
            .put("entry", bundle.entry())
            .put("name", bundle.symbolicName())
            .put("version", bundle.version());
      }
    }
    return Json.bytes(json);
  }

  static List<Installed> parse(byte[] bytes) {
    Fields fields = Fields.parse("installed.json", bytes);
    fields.whole("format", 1, 1);
    List<Installed> all = new ArrayList<>();
    if (fields.raw("packages").isEmpty()) {
      return all;
    }
    for (Fields one : fields.objects("packages")) {
      List<PackageFile.Member> bundles = new ArrayList<>();
      for (Fields bundle : one.objects("bundles")) {
        bundles.add(
            new PackageFile.Member(
                bundle.text("entry"), bundle.text("name"), bundle.text("version")));
      }
      all.add(
          new Installed(
              one.text("name"),
              one.text("version"),
              one.text("sha256"),
              one.text("signer"),
              bundles));
    }
    return all;
  }
}
