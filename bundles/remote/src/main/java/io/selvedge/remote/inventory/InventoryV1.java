package io.selvedge.remote.inventory;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import io.selvedge.remote.Answers;
import io.selvedge.remote.Bundles;
import io.selvedge.remote.PackageList;
import io.selvedge.remote.PackageList.Item;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The application {@code INVENTORY-V1}: bundles, packages and Debian's packages as JSON, as Kura
 * has it. There are no containers and images here, and it says so.
 */
@Component(service = RequestHandler.class, property = "app.id=" + InventoryV1.APP)
public final class InventoryV1 implements RequestHandler {

  static final String APP = "INVENTORY-V1";

  private static final String KNOWN =
      "GET inventory, bundles, packages, systemPackages, containers, images; EXEC bundles/_start,"
          + " bundles/_stop";

  private final Bundles bundles;
  private final SystemPackages system;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable PackageList packages;

  @Activate
  public InventoryV1(BundleContext context) {
    this(context, Path.of("/var/lib/dpkg/status"), null);
  }

  InventoryV1(BundleContext context, Path status, @Nullable PackageList packages) {
    this.bundles = new Bundles(context);
    this.system = new SystemPackages(status);
    this.packages = packages;
  }

  @Override
  public Reply handle(Request request) {
    return switch (request.method() + " " + request.resource()) {
      case "GET inventory" -> inventory();
      case "GET bundles" -> bundles();
      case "GET packages" -> packages();
      case "GET systemPackages" -> systemPackages();
      case "GET containers" -> json(Json.mapper().createObjectNode(), "containers");
      case "GET images" -> json(Json.mapper().createObjectNode(), "images");
      case "EXEC bundles/_start" -> set(request.body(), true);
      case "EXEC bundles/_stop" -> set(request.body(), false);
      case "EXEC containers/_start", "EXEC containers/_stop", "EXEC images/_delete" ->
          Reply.error(404, "this gateway runs no containers, and has no images");
      default -> Answers.unknown(APP, request, KNOWN);
    };
  }

  private static Reply json(ObjectNode body, String emptyList) {
    body.putArray(emptyList);
    return Answers.text(Json.text(body));
  }

  private List<Item> installed() {
    PackageList now = packages;
    return now == null ? List.of() : now.packages();
  }

  private List<Item> debian() {
    try {
      return system.list();
    } catch (IOException e) {
      throw new UncheckedIOException("Debian's packages cannot be read", e);
    }
  }

  private Reply inventory() {
    ObjectNode body = Json.mapper().createObjectNode();
    ArrayNode list = body.putArray("inventory");
    debian().forEach(one -> item(list, one, "DEB"));
    bundles.list().forEach(one -> item(list, item(one), "BUNDLE"));
    installed().forEach(one -> item(list, one, "DP"));
    return Answers.text(Json.text(body));
  }

  private static Item item(Bundle bundle) {
    return new Item(
        String.valueOf(bundle.getSymbolicName()), bundle.getVersion().toString(), List.of());
  }

  private static ObjectNode item(ArrayNode list, Item one, String type) {
    return list.addObject().put("name", one.name()).put("version", one.version()).put("type", type);
  }

  private Reply bundles() {
    ObjectNode body = Json.mapper().createObjectNode();
    ArrayNode list = body.putArray("bundles");
    for (Bundle one : bundles.list()) {
      list.addObject()
          .put("name", String.valueOf(one.getSymbolicName()))
          .put("version", one.getVersion().toString())
          .put("id", one.getBundleId())
          .put("state", Bundles.state(one))
          .put("signed", !one.getSignerCertificates(Bundle.SIGNERS_ALL).isEmpty());
    }
    return Answers.text(Json.text(body));
  }

  private Reply packages() {
    ObjectNode body = Json.mapper().createObjectNode();
    ArrayNode list = body.putArray("deploymentPackages");
    for (Item one : installed()) {
      ObjectNode item = list.addObject().put("name", one.name()).put("version", one.version());
      ArrayNode in = item.putArray("bundles");
      one.bundles().forEach(b -> in.addObject().put("name", b.name()).put("version", b.version()));
    }
    return Answers.text(Json.text(body));
  }

  private Reply systemPackages() {
    ObjectNode body = Json.mapper().createObjectNode();
    ArrayNode list = body.putArray("systemPackages");
    debian().forEach(one -> item(list, one, "DEB"));
    return Answers.text(Json.text(body));
  }

  private Reply set(byte[] body, boolean started) {
    Fields wanted = Fields.parse("body", body);
    String name = wanted.text("name");
    String version = wanted.textOr("version", "");
    Optional<Bundle> found =
        bundles.list().stream()
            .filter(one -> name.equals(one.getSymbolicName()))
            .filter(one -> version.isEmpty() || version.equals(one.getVersion().toString()))
            .findFirst();
    if (found.isEmpty()) {
      return Reply.error(
          404, "bundle [" + name + (version.isEmpty() ? "" : " " + version) + "] is not here");
    }
    try {
      Bundles.set(found.get(), started);
      return Reply.ok();
    } catch (BundleException e) {
      return Reply.error(
          500,
          "bundle [" + name + "] does not " + (started ? "start" : "stop") + ": " + e.getMessage());
    }
  }
}
