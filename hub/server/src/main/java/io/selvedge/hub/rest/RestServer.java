package io.selvedge.hub.rest;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HttpResponseException;
import io.selvedge.hub.security.TlsFiles;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves routes as JSON over HTTP. */
public final class RestServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RestServer.class);
  private static final int THREADS = 24;
  private static final long MOST_BODY = 1 << 20;

  private final Javalin http;

  /**
   * @param token the administrator's
   * @param port 0: any free one
   * @param tls empty: in the clear
   */
  public RestServer(
      String host, int port, Optional<TlsFiles> tls, String token, List<Route> routes) {
    Gate gate = new Gate(token, host);
    this.http =
        Javalin.create(
            config -> {
              listen(config, host, port, tls);
              serve(config, gate, routes);
            });
  }

  /**
   * Opens the port.
   *
   * @return the port
   */
  public int start() {
    http.start();
    return http.port();
  }

  private static void listen(JavalinConfig config, String host, int port, Optional<TlsFiles> tls) {
    config.jetty.host = host;
    config.jetty.port = port;
    config.jetty.threadPool = threads();
    config.jetty.modifyHttpConfiguration(c -> c.setSendServerVersion(false));
    tls.ifPresent(
        files ->
            config.jetty.addConnector((server, http) -> secure(server, http, host, port, files)));
  }

  private static Connector secure(
      Server server, HttpConfiguration http, String host, int port, TlsFiles files) {
    SslContextFactory.Server ssl = new SslContextFactory.Server();
    ssl.setKeyStorePath(files.keyStore().toString());
    ssl.setKeyStoreType(TlsFiles.TYPE);
    ssl.setKeyStorePassword(files.password());
    ssl.setIncludeProtocols(TlsFiles.PROTOCOLS.toArray(new String[0]));
    http.addCustomizer(new SecureRequestCustomizer(false)); // gateways may come by an address
    ServerConnector connector =
        new ServerConnector(
            server,
            new SslConnectionFactory(ssl, HttpVersion.HTTP_1_1.asString()),
            new HttpConnectionFactory(http));
    connector.setHost(host);
    connector.setPort(port);
    return connector;
  }

  private static void serve(JavalinConfig config, Gate gate, List<Route> routes) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.http.maxRequestSize = MOST_BODY;
    config.http.prefer405over404 = true;
    config.routes.before(gate::check);
    config.routes.after(
        request ->
            request
                .header("X-Content-Type-Options", "nosniff")
                .header("Cache-Control", "no-store"));
    for (Route route : routes) {
      config.routes.addHttpHandler(route.method(), route.path(), route.handler());
    }
    config.routes.exception(
        RestException.class,
        (e, request) ->
            Answers.error(request, e.status(), e.code(), String.valueOf(e.getMessage())));
    config.routes.exception(
        IllegalArgumentException.class, // what Fields and records say of a body
        (e, request) ->
            Answers.error(request, 400, "request.invalid", String.valueOf(e.getMessage())));
    config.routes.exception(
        HttpResponseException.class,
        (e, request) -> Answers.error(request, e.getStatus(), code(e.getStatus()), message(e)));
    config.routes.exception(
        Exception.class,
        (e, request) -> {
          log.error("{} {} was not answered", request.method(), request.path(), e);
          Answers.error(request, 500, "hub.error", "the hub could not do it; its log says why");
        });
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("hub-http");
    return threads;
  }

  private static String code(int status) {
    return switch (status) {
      case 404 -> "request.unknown_path";
      case 405 -> "request.wrong_method";
      case 413 -> "request.too_large";
      default -> "request.refused";
    };
  }

  private static String message(HttpResponseException e) {
    String text = String.valueOf(e.getMessage());
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  @Override
  public void close() {
    http.stop();
  }
}
