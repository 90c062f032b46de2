package io.selvedge.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles uploaded on the Felix web console's own page, in the shipped gateway. */
class UploadIT {

  private static final String BOUNDARY = "seam";

  @TempDir Path directory;
  private Command selvedge;

  @BeforeEach
  void start() throws Exception {
    selvedge = Command.bare(directory);
    Command.Outcome started = selvedge.run("start");
    assertThat(started.code()).as(started.output()).isZero();
  }

  @AfterEach
  void stop() throws Exception {
    selvedge.run("stop");
  }

  @Test
  void anUploadNeedsTheSignInAndIsDoneWhenItIsAnswered() throws Exception {
    assertThat(upload("", "pump.jar", jar("pump", "1.0.0", "")).statusCode()).isEqualTo(401);
    String token = selvedge.signIn();
    assertThat(bundles(token)).doesNotContain("\"pump\"");

    HttpResponse<String> first = upload(token, "pump.jar", jar("pump", "1.0.0", ""));
    assertThat(first.statusCode()).as(first.body()).isEqualTo(302);
    assertThat(first.headers().firstValue("Location").orElse("")).endsWith("/console/bundles");
    assertThat(bundles(token)).containsPattern(pump("1.0.0", "Active"));

    HttpResponse<String> second = upload(token, "pump.jar", jar("pump", "2.0.0", ""));
    assertThat(second.statusCode()).as(second.body()).isEqualTo(302);
    assertThat(bundles(token)).containsPattern(pump("2.0.0", "Active"));

    HttpResponse<String> bad = upload(token, "pump.jar", jar("pump", "3.0.0", "not.here"));
    assertThat(bad.statusCode()).isEqualTo(409);
    assertThat(bad.body()).contains("not.here", "[pump 3.0.0] is here and does not run");
    assertThat(upload(token, "pump.jar", jar("pump", "4.0.0", "")).statusCode()).isEqualTo(302);
    assertThat(bundles(token)).containsPattern(pump("4.0.0", "Active"));
    assertThat(upload(token, "a.txt", new byte[] {1}).statusCode()).isEqualTo(400);
  }

  private static String pump(String version, String state) {
    return "\"state\":\"" + state + "\"[^{}]*\"version\":\"" + version + "\"[^{}]*\"pump\"";
  }

  private String bundles(String token) throws Exception {
    return send(request(token, "system/console/bundles.json").header("Accept", "application/json"))
        .body();
  }

  private HttpResponse<String> upload(String token, String file, byte[] jar) throws Exception {
    String head =
        field("action", "install")
            + field("bundlestart", "start")
            + field("refreshPackages", "true")
            + "--"
            + BOUNDARY
            + "\r\nContent-Disposition: form-data; name=\"bundlefile\"; filename=\""
            + file
            + "\"\r\nContent-Type: application/java-archive\r\n\r\n";
    BodyPublisher body =
        BodyPublishers.concat(
            BodyPublishers.ofString(head),
            BodyPublishers.ofByteArray(jar),
            BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
    return send(
        request(token, "system/console/bundles")
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(body));
  }

  private static String field(String name, String value) {
    return "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(BOUNDARY, name, value);
  }

  private HttpRequest.Builder request(String token, String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(selvedge.address() + path));
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] jar(String name, String version, String imports) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Version", version);
    if (!imports.isEmpty()) {
      main.putValue("Import-Package", imports);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new JarOutputStream(bytes, manifest).close();
    return bytes.toByteArray();
  }
}
