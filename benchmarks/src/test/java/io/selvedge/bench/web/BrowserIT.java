package io.selvedge.bench.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.selvedge.bench.Waiting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test of pages is worth something only where it finds a page that is broken. */
class BrowserIT {

  private static final String BROKEN =
      "<title>broken</title><h1>Here</h1><script src=/gone.js></script>"
          + "<script>nowhere.to.be.found()</script>"
          + "<script type=module>console.error('said');"
          + "fetch('/api/absent').then(() => document.title = 'done')</script>";

  @TempDir Path work;

  @Test
  void findsWhatIsBroken() throws Exception {
    Optional<Path> program = Browser.program();
    assumeTrue(program.isPresent(), Browser.ABSENT);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = BROKEN.getBytes(StandardCharsets.UTF_8);
          boolean page = exchange.getRequestURI().getPath().equals("/");
          exchange.getResponseHeaders().set("Content-Type", "text/html");
          exchange.sendResponseHeaders(page ? 200 : 404, page ? body.length : -1);
          if (page) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
    try (Browser browser = new Browser(program.get(), work)) {
      browser.open(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"));
      browser.await("document.title === 'done'");
      Waiting.until(Duration.ofMinutes(1), "faults", () -> browser.faults().size() >= 3);

      assertThat(browser.faults())
          .anySatisfy(fault -> assertThat(fault).contains("nowhere is not defined"))
          .anySatisfy(fault -> assertThat(fault).contains("gone.js"))
          .anySatisfy(fault -> assertThat(fault).contains("said"))
          .noneSatisfy(fault -> assertThat(fault).contains("/api/absent"));
      assertThatThrownBy(
              () -> browser.await("document.querySelector('h2') !== null", Duration.ofMillis(300)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContainingAll("h2", "Here", "nowhere is not defined");
      assertThatThrownBy(() -> browser.run("nowhere()")).isInstanceOf(AssertionError.class);
    } finally {
      server.stop(0);
    }
  }
}
