package io.selvedge.console.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
import org.osgi.framework.startlevel.BundleStartLevel;

/** Uploads by HTTP into a real framework. */
class UploadFilterTest {

  private static final String BOUNDARY = "seam";
  private static final Map<String, String> WISH =
      Map.of("bundlestart", "start", "bundlestartlevel", "4", "refreshPackages", "true");
  private static final String PAGE = "/system/console/bundles";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir Path directory;

  private final Semaphore mayStop = new Semaphore(0);
  private Felix felix;
  private Server server;
  private int port;

  @BeforeEach
  void start() throws Exception {
    felix = new Felix(directory);
    felix.context().registerService(Semaphore.class, mayStop, null);
    felix.start("lib", Felix.jar("lib", "1.0.0", Map.of("Export-Package", "lib")));
    Bundle console =
        felix.start("console", Felix.jar("console", "1.0.0", Map.of("Import-Package", "lib")));
    serve(new UploadFilter(console.getBundleContext(), LIMIT, LIMIT));
  }

  private void serve(UploadFilter filter) throws Exception {
    server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    ServletHolder behind = new ServletHolder(new Behind());
    behind.getRegistration().setMultipartConfig(new MultipartConfigElement(directory.toString()));
    context.addServlet(behind, "/system/console/*");
    context.addFilter(
        new FilterHolder(filter), "/system/console/bundles/*", EnumSet.of(DispatcherType.REQUEST));
    server.setHandler(context);
    server.start();
    port = connector.getLocalPort();
  }

  @AfterEach
  void stop() throws Exception {
    mayStop.release(1000);
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
    assertThat(answer.headers().firstValue("Location").orElse("")).endsWith(PAGE);
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
  void aBundleThatDoesNotRunIsToldWithWhatItMissesAndTheNextOneRuns() throws Exception {
    felix.start("pump", Felix.jar("pump", "1.0.0", Map.of()));

    HttpResponse<String> answer =
        upload("pump.jar", Felix.jar("pump", "2.0.0", Map.of("Import-Package", "not.here")));
    assertRefused(answer, 409, "bundle.not_running");
    assertThat(answer.body()).contains("not.here", "[pump 2.0.0] is here and does not run");

    upload("pump.jar", Felix.jar("pump", "3.0.0", Map.of()));
    assertThat(felix.running()).contains("pump 3.0.0");
  }

  @Test
  void whatIsNoManifestOfTheFrameworkLeavesTheVersionBeforeRunning() throws Exception {
    felix.start("pump", Felix.jar("pump", "1.0.0", Map.of()));

    HttpResponse<String> answer =
        upload("pump.jar", Felix.jar("pump", "2.0.0", Map.of("Import-Package", "a;;;=b,")));

    assertRefused(answer, 409, "[pump 1.0.0] is here and runs");
    assertThat(felix.running()).contains("pump 1.0.0");
  }

  @Test
  void whatADeploymentBroughtIsNotReplacedByHand() throws Exception {
    felix.start("selvedge:BUNDLE/pump/0123", Felix.jar("pump", "1.0.0", Map.of()));

    assertRefused(
        upload("pump.jar", Felix.jar("pump", "2.0.0", Map.of())), 409, "selvedge:BUNDLE/pump");
    assertThat(felix.running()).contains("pump 1.0.0");
  }

  /** As File Install starts what is stopped, and a refresh for another bundle comes then. */
  @Test
  void anUploadThatARefreshIsInTheWayOfIsTriedAgain() throws Exception {
    Bundle slow = felix.start("slow", Felix.active("slow", "1.0.0", SlowToStop.class));
    felix.startAgainOnce(slow);
    mayStop.release();

    CompletableFuture<Integer> status =
        Felix.async(
            () -> upload("slow.jar", Felix.active("slow", "2.0.0", SlowToStop.class)).statusCode());
    felix.refreshAmidAnUpdate(slow);
    mayStop.release(1000);

    assertThat(status.get(30, TimeUnit.SECONDS)).isEqualTo(302);
    assertThat(felix.running()).contains("slow 2.0.0");
  }

  @Test
  void whatUsesItIsWiredToTheNewOne() throws Exception {
    felix.start("base", Felix.jar("base", "1.0.0", Map.of("Export-Package", "base")));
    Bundle user = felix.start("user", Felix.jar("user", "1.0.0", Map.of("Import-Package", "base")));

    upload("base.jar", Felix.jar("base", "2.0.0", Map.of("Export-Package", "base")));

    assertThat(felix.running()).contains("base 2.0.0", "user 1.0.0");
    assertThat(Felix.wiredTo(user)).containsExactly("base 2.0.0");
  }

  @Test
  void withoutRefreshTheUserGoesOnWithTheOldOne() throws Exception {
    felix.start("base", Felix.jar("base", "1.0.0", Map.of("Export-Package", "base")));
    Bundle user = felix.start("user", Felix.jar("user", "1.0.0", Map.of("Import-Package", "base")));

    upload(Map.of(), Map.of("b.jar", Felix.jar("base", "2.0.0", Map.of("Export-Package", "base"))));

    assertThat(felix.running()).contains("base 2.0.0", "user 1.0.0");
    assertThat(Felix.wiredTo(user)).containsExactly("base 1.0.0");
  }

  @Test
  void whatCannotUseTheNewOneIsNamed() throws Exception {
    felix.start("base", Felix.jar("base", "1.0.0", Map.of("Export-Package", "base")));
    felix.start("user", Felix.jar("user", "1.0.0", Map.of("Import-Package", "base")));

    assertRefused(
        upload("base.jar", Felix.jar("base", "2.0.0", Map.of("Export-Package", "other"))),
        409,
        "bundle [user 1.0.0] uses what was replaced");
  }

  @Test
  void severalComeInAnyOrder() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("user.jar", Felix.jar("user", "1.0.0", Map.of("Import-Package", "base")));
    files.put("bad.jar", Felix.jar("bad", "1.0.0", Map.of("Import-Package", "not.here")));
    files.put("base.jar", Felix.jar("base", "1.0.0", Map.of("Export-Package", "base")));

    HttpResponse<String> answer = upload(WISH, files);

    assertRefused(answer, 409, "bundle [bad 1.0.0] from [bad.jar]");
    assertThat(answer.body()).doesNotContain("user");
    assertThat(felix.running()).contains("user 1.0.0", "base 1.0.0");
  }

  @Test
  void aFragmentIsSeenByItsHost() throws Exception {
    Bundle pump = felix.start("pump", Felix.jar("pump", "1.0.0", Map.of()));

    upload("words.jar", Felix.jar("words", "1.0.0", Map.of("Fragment-Host", "pump")));

    assertThat(Felix.fragmentsOf(pump)).containsExactly("words");
    assertThat(felix.running()).contains("pump 1.0.0");
  }

  @Test
  void theWishesOfThePageAreFollowed() throws Exception {
    byte[] next = Felix.jar("pump", "2.0.0", Map.of());
    Bundle pump = felix.start("pump", Felix.jar("pump", "1.0.0", Map.of()));

    upload(Map.of("parallelVersion", "on", "bundlestartlevel", "7"), Map.of("two.jar", next));
    Bundle beside = felix.context().getBundle("inputstream:two.jar");
    assertThat(beside.getState()).as("start was not ticked").isNotEqualTo(Bundle.ACTIVE);
    assertThat(beside.adapt(BundleStartLevel.class).getStartLevel()).isEqualTo(7);
    assertThat(felix.running()).contains("pump 1.0.0");

    upload(
        Map.of("uploadid", Long.toString(pump.getBundleId())),
        Map.of("three.jar", Felix.jar("fan", "3.0.0", Map.of())));
    assertThat(pump.getSymbolicName()).isEqualTo("fan");
  }

  @Test
  void whatAStartLevelHoldsBackIsTold() throws Exception {
    assertRefused(
        upload(
            Map.of("bundlestart", "start", "bundlestartlevel", "99"),
            Map.of("pump.jar", Felix.jar("pump", "1.0.0", Map.of()))),
        409,
        "start level");
  }

  private void serveAnew(Duration limit, Duration patience) throws Exception {
    server.stop();
    serve(
        new UploadFilter(felix.context().getBundle("console").getBundleContext(), limit, patience));
  }

  @Test
  void aBundleThatNeverReturnsHoldsUpNoAnswer() throws Exception {
    felix.start("slow", Felix.active("slow", "1.0.0", SlowToStop.class));
    serveAnew(SHORT, LIMIT);

    assertRefused(
        upload("s.jar", Felix.jar("slow", "2.0.0", Map.of())), 409, "bundle.late: [bundle [slow");
    mayStop.release();
    Felix.await("the upload goes on", () -> felix.running().contains("slow 2.0.0"));
  }

  @Test
  void aRefreshThatNeverReturnsDoesNotEither() throws Exception {
    Bundle slow = felix.start("slow", Felix.active("slow", "1.0.0", SlowToStop.class));
    serveAnew(SHORT, LIMIT);
    felix.refreshWithoutEnd(slow);

    assertRefused(
        upload("lib.jar", Felix.jar("lib", "2.0.0", Map.of())), 409, "bundle.late: [bundle [lib");
    mayStop.release(1000);
  }

  @Test
  void whileAUserStopsNothingIsChanged() throws Exception {
    felix.start("base", Felix.jar("base", "1.0.0", Map.of("Export-Package", "base")));
    Bundle user = felix.start("user", Felix.active("user", "1.0.0", SlowToStop.class, "base"));
    serveAnew(LIMIT, SHORT);
    CompletableFuture<Integer> stopped =
        Felix.async(
            () -> {
              user.stop();
              return user.getState();
            });
    Felix.await("stopping", () -> user.getState() == Bundle.STOPPING);

    assertRefused(
        upload("base.jar", Felix.jar("base", "2.0.0", Map.of("Export-Package", "base"))),
        409,
        "bundle.busy: [user]");
    assertThat(felix.running()).contains("base 1.0.0");
    mayStop.release();
    assertThat(stopped.get(30, TimeUnit.SECONDS)).isEqualTo(Bundle.RESOLVED);
  }

  @Test
  void aUserThatWaitsForItsFirstClassWaitsAgain() throws Exception {
    felix.start("base", Felix.jar("base", "1.0.0", Map.of("Export-Package", "base")));
    Bundle user =
        felix
            .context()
            .installBundle(
                "user",
                new ByteArrayInputStream(
                    Felix.jar(
                        "user",
                        "1.0.0",
                        Map.of("Import-Package", "base", "Bundle-ActivationPolicy", "lazy"))));
    user.start(Bundle.START_ACTIVATION_POLICY);

    assertThat(
            upload("base.jar", Felix.jar("base", "2.0.0", Map.of("Export-Package", "base")))
                .statusCode())
        .isEqualTo(302);
    assertThat(user.getState()).isEqualTo(Bundle.STARTING);
    assertThat(Felix.wiredTo(user)).containsExactly("base 2.0.0");
  }

  @Test
  void theLaterOfTwoWithOneFileNameStays() throws Exception {
    byte[] one = Felix.jar("pump", "1.0.0", Map.of());
    byte[] two = Felix.jar("pump", "2.0.0", Map.of());

    HttpResponse<String> answer =
        send(PAGE, body(WISH, List.of(file("pump.jar", one), file("pump.jar", two))), multipart());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
    assertThat(felix.running()).contains("pump 2.0.0").doesNotContain("pump 1.0.0");
  }

  @Test
  void programsGetNoPage() throws Exception {
    HttpResponse<String> answer =
        send(
            "/system/console/bundles/install",
            body(WISH, List.of(file("pump.jar", Felix.jar("pump", "1.0.0", Map.of())))),
            multipart());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void allElseGoesOnToTheConsoleBehind() throws Exception {
    assertThat(send(PAGE, "action=stop", "application/x-www-form-urlencoded").body())
        .isEqualTo("felix: stop");
  }

  @Test
  void whatTheConsoleItselfStandsOnDoesToo() throws Exception {
    assertThat(upload("lib.jar", Felix.jar("lib", "2.0.0", Map.of())).body())
        .isEqualTo("felix: install");
  }

  @Test
  void anExtensionOfTheFrameworkDoesToo() throws Exception {
    byte[] extension =
        Felix.jar("more", "1.0.0", Map.of("Fragment-Host", "system.bundle;extension:=framework"));

    assertThat(upload("more.jar", extension).body()).isEqualTo("felix: install");
  }

  @Test
  void theKindOfTheUploadMayBeWrittenInAnyWay() throws Exception {
    byte[] pump = Felix.jar("pump", "1.0.0", Map.of());

    HttpResponse<String> answer =
        send(PAGE, body(WISH, List.of(file("pump.jar", pump))), "Multi" + multipart().substring(5));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
  }

  @Test
  void anUploadThatIsNoneIsToldSo() throws Exception {
    byte[] pump = Felix.jar("pump", "1.0.0", Map.of());

    assertRefused(upload(WISH, Map.of()), 400, "bundlefile");
    assertRefused(upload(WISH, Map.of("", pump)), 400, "bundlefile");
    assertRefused(upload(Map.of("uploadid", "x"), Map.of("a.jar", pump)), 400, "uploadid [x]");
    assertThat(felix.running()).doesNotContain("pump 1.0.0");
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String why) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }

  private HttpResponse<String> upload(String file, byte[] jar) throws Exception {
    return upload(WISH, Map.of(file, jar));
  }

  private HttpResponse<String> upload(Map<String, String> wish, Map<String, byte[]> files)
      throws Exception {
    List<String> parts =
        files.entrySet().stream().map(one -> file(one.getKey(), one.getValue())).toList();
    return send(PAGE, body(wish, parts), multipart());
  }

  private static String body(Map<String, String> wish, List<String> files) {
    StringBuilder body = new StringBuilder(part("name=\"action\"", "install"));
    wish.forEach((name, value) -> body.append(part("name=\"" + name + "\"", value)));
    files.forEach(body::append);
    return body + "--" + BOUNDARY + "--\r\n";
  }

  private static String file(String name, byte[] jar) {
    return part(
        "name=\"bundlefile\"; filename=\"" + name + "\"",
        new String(jar, StandardCharsets.ISO_8859_1));
  }

  private static String part(String what, String value) {
    return "--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n"
        .formatted(BOUNDARY, what, value);
  }

  private static String multipart() {
    return "multipart/form-data; boundary=" + BOUNDARY;
  }

  /** Characters are bytes. */
  private HttpResponse<String> send(String path, String body, String type) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body, StandardCharsets.ISO_8859_1))
                .build(),
            BodyHandlers.ofString());
  }
}
