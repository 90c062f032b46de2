package io.selvedge.console.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Uploads by HTTP into a real framework. */
class UploadFilterTest {

  private static final String BOUNDARY = "seam";

  @TempDir Path directory;

  private Felix felix;
  private Server server;
  private int port;

  @BeforeEach
  void start() throws Exception {
    felix = new Felix(directory);
    felix.start("lib", Felix.jar("lib", "1.0.0", Map.of("Export-Package", "lib")));
    Bundle console =
        felix.start("console", Felix.jar("console", "1.0.0", Map.of("Import-Package", "lib")));
    server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    ServletHolder behind = new ServletHolder(new Behind());
    behind.getRegistration().setMultipartConfig(new MultipartConfigElement(directory.toString()));
    context.addServlet(behind, "/system/console/*");
    context.addFilter(
        new FilterHolder(new UploadFilter(console.getBundleContext())),
        "/system/console/bundles/*",
        EnumSet.of(DispatcherType.REQUEST));
    server.setHandler(context);
    server.start();
    port = connector.getLocalPort();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    felix.stop();
  }

  /** The console that the filter is in front of. */
  private static final class Behind extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print("felix: " + request.getParameter("action"));
    }
  }

  @Test
  void aNewBundleRunsWhenTheAnswerComes() throws Exception {
    HttpResponse<String> answer = upload("pump.jar", Felix.jar("pump", "1.0.0", Map.of()));

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("Location").orElse(""))
        .endsWith("/system/console/bundles");
    assertThat(felix.running()).contains("pump 1.0.0");
  }

  @Test
  void itTakesThePlaceOfTheVersionBefore() throws Exception {
    upload("pump.jar", Felix.jar("pump", "1.0.0", Map.of()));
    upload("pump-2.jar", Felix.jar("pump", "2.0.0", Map.of()));

    assertThat(felix.running()).contains("pump 2.0.0").doesNotContain("pump 1.0.0");
  }

  @Test
  void whatWasStoppedStaysStopped() throws Exception {
    Bundle pump = felix.start("pump", Felix.jar("pump", "1.0.0", Map.of()));
    pump.stop();

    upload("pump.jar", Felix.jar("pump", "2.0.0", Map.of()));

    assertThat(pump.getVersion()).hasToString("2.0.0");
    assertThat(pump.getState()).isNotEqualTo(Bundle.ACTIVE);
  }

  @Test
  void whatIsNoBundleIsSaidToBeNone() throws Exception {
    assertRefused(upload("notes.txt", "hello".getBytes(StandardCharsets.UTF_8)), 400, "notes.txt");
    assertRefused(
        upload("pump.jar", Felix.jar("pump", "not.a.version", Map.of())), 400, "Bundle-Version");
  }

  @Test
  void aBundleThatDoesNotRunIsToldWithWhatItMisses() throws Exception {
    felix.start("pump", Felix.jar("pump", "1.0.0", Map.of()));

    HttpResponse<String> answer =
        upload("pump.jar", Felix.jar("pump", "2.0.0", Map.of("Import-Package", "not.here")));

    assertRefused(answer, 409, "bundle.not_running");
    assertThat(answer.body()).contains("not.here", "version [2.0.0] is here and does not run");
  }

  @Test
  void whatIsNoManifestOfTheFrameworkLeavesTheVersionBeforeRunning() throws Exception {
    felix.start("pump", Felix.jar("pump", "1.0.0", Map.of()));

    HttpResponse<String> answer =
        upload("pump.jar", Felix.jar("pump", "2.0.0", Map.of("Import-Package", "a;;;=b,")));

    assertRefused(answer, 409, "version [1.0.0] is here and runs");
    assertThat(felix.running()).contains("pump 1.0.0");
  }

  @Test
  void whatADeploymentBroughtIsNotReplacedByHand() throws Exception {
    felix.start("selvedge:BUNDLE/pump/0123", Felix.jar("pump", "1.0.0", Map.of()));

    assertRefused(
        upload("pump.jar", Felix.jar("pump", "2.0.0", Map.of())), 409, "selvedge:BUNDLE/pump");
    assertThat(felix.running()).contains("pump 1.0.0");
  }

  @Test
  void allElseGoesOnToTheConsoleBehind() throws Exception {
    assertThat(send("action=stop", "application/x-www-form-urlencoded").body())
        .isEqualTo("felix: stop");
  }

  @Test
  void whatTheConsoleItselfStandsOnDoesToo() throws Exception {
    assertThat(upload("lib.jar", Felix.jar("lib", "2.0.0", Map.of())).body())
        .isEqualTo("felix: install");
  }

  @Test
  void anUploadWithoutAFileIsToldSo() throws Exception {
    assertRefused(
        send(field("action", "install") + "--" + BOUNDARY + "--\r\n", multipart()),
        400,
        "bundlefile");
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String why) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }

  private HttpResponse<String> upload(String file, byte[] jar) throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        (field("action", "install")
                + field("bundlestart", "start")
                + field("bundlestartlevel", "4")
                + field("refreshPackages", "true")
                + "--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"bundlefile\"; filename=\""
                + file
                + "\"\r\nContent-Type: application/java-archive\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(jar);
    body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return send(body.toString(StandardCharsets.ISO_8859_1), multipart());
  }

  private static String field(String name, String value) {
    return "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(BOUNDARY, name, value);
  }

  private static String multipart() {
    return "multipart/form-data; boundary=" + BOUNDARY;
  }

  private HttpResponse<String> send(String body, String type) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + port + "/system/console/bundles"))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body, StandardCharsets.ISO_8859_1))
                .build(),
            BodyHandlers.ofString());
  }
}
