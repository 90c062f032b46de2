package io.selvedge.remote.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.protocol.json.Json;
import io.selvedge.remote.PackageList.Item;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

class InventoryV1Test {

  @TempDir Path directory;
  private Framework framework;
  private InventoryV1 inventory;

  @BeforeEach
  void start() throws Exception {
    framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    directory.resolve("cache").toString(),
                    "felix.log.level",
                    "0"));
    framework.start();
    Path status =
        Files.writeString(
            directory.resolve("status"),
            """
            Package: adduser
            Status: install ok installed
            Version: 3.134
            Description: a
             b

            Package: gone
            Status: deinstall ok config-files
            Version: 1

            Package: zlib1g
            Status: install ok installed
            Version: 1:1.2.13
            """);
    Item bundle = new Item("pump", "1.0.0", List.of());
    inventory =
        new InventoryV1(
            framework.getBundleContext(),
            status,
            () -> List.of(new Item("kit", "2", List.of(bundle))));
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
  }

  private Reply ask(Method method, String resource, String body) {
    return inventory.handle(
        new Request(method, resource, Map.of(), body.getBytes(StandardCharsets.UTF_8)));
  }

  private JsonNode get(String resource) throws Exception {
    Reply reply = ask(Method.GET, resource, "");
    assertThat(reply.code()).isEqualTo(200);
    return Json.mapper().readTree(reply.body());
  }

  private Bundle install(String location) throws Exception {
    Path jar = directory.resolve("valve.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", "valve");
    manifest.getMainAttributes().putValue("Bundle-Version", "1.0.0");
    try (var out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
    Bundle bundle = framework.getBundleContext().installBundle(location + jar.toUri());
    bundle.start();
    return bundle;
  }

  @Test
  void everythingThatIsInstalledIsListed() throws Exception {
    install("");
    assertThat(get("bundles").path("bundles").get(1).toString())
        .isEqualTo(
            "{\"name\":\"valve\",\"version\":\"1.0.0\",\"id\":1,\"state\":\"ACTIVE\",\"signed\":false}");
    assertThat(get("packages").toString())
        .isEqualTo(
            "{\"deploymentPackages\":[{\"name\":\"kit\",\"version\":\"2\",\"bundles\":[{\"name\":\"pump\",\"version\":\"1.0.0\"}]}]}");
    assertThat(get("systemPackages").toString())
        .isEqualTo(
            "{\"systemPackages\":[{\"name\":\"adduser\",\"version\":\"3.134\",\"type\":\"DEB\"},{\"name\":\"zlib1g\",\"version\":\"1:1.2.13\",\"type\":\"DEB\"}]}");
    assertThat(get("inventory").path("inventory"))
        .extracting(one -> one.path("type").asText())
        .containsExactly("DEB", "DEB", "BUNDLE", "BUNDLE", "DP");
  }

  @Test
  void thereAreNoContainersAndItSaysSo() throws Exception {
    assertThat(get("containers").toString()).isEqualTo("{\"containers\":[]}");
    assertThat(get("images").toString()).isEqualTo("{\"images\":[]}");
    assertThat(ask(Method.EXEC, "containers/_start", "{}").message())
        .isEqualTo("this gateway runs no containers, and has no images");
    assertThat(ask(Method.GET, "wires", "").code()).isEqualTo(404);
  }

  @Test
  void bundlesAreStoppedAndStartedByName() throws Exception {
    Bundle valve = install("");
    assertThat(ask(Method.EXEC, "bundles/_stop", "{\"name\":\"valve\"}").code()).isEqualTo(200);
    assertThat(valve.getState()).isEqualTo(Bundle.RESOLVED);
    String named = "{\"name\":\"valve\",\"version\":\"1.0.0\"}";
    assertThat(ask(Method.EXEC, "bundles/_start", named).code()).isEqualTo(200);
    assertThat(valve.getState()).isEqualTo(Bundle.ACTIVE);
    assertThat(
            ask(Method.EXEC, "bundles/_stop", "{\"name\":\"valve\",\"version\":\"2.0.0\"}")
                .message())
        .isEqualTo("bundle [valve 2.0.0] is not here");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ask(Method.EXEC, "bundles/_stop", "valve"));
  }

  @Test
  void theGatewaysOwnAreNotStopped() throws Exception {
    Bundle own = install("reference:");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ask(Method.EXEC, "bundles/_stop", "{\"name\":\"valve\"}"))
        .withMessageContaining("belongs to the gateway itself");
    assertThat(own.getState()).isEqualTo(Bundle.ACTIVE);
  }
}
