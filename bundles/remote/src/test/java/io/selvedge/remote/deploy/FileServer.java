package io.selvedge.remote.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Serves one file with ranges; cuts connections where it is told to. */
final class FileServer implements AutoCloseable {

  private final HttpServer server;
  final List<String> requests = new CopyOnWriteArrayList<>();
  volatile byte[] file = new byte[0];
  volatile String tag = "\"one\"";
  volatile String login = "";
  volatile String away = "";
  volatile int status = 0;
  volatile boolean ranges = true;

  /** So many bytes are sent before a cut; then the next such number counts. */
  final List<Integer> cuts = new CopyOnWriteArrayList<>();

  final AtomicLong sent = new AtomicLong();

  FileServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String range = String.valueOf(exchange.getRequestHeaders().getFirst("Range"));
    requests.add(range);
    try (exchange) {
      if (status != 0) {
        exchange.sendResponseHeaders(status, -1);
        return;
      }
      String auth = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      if (!login.isEmpty() && !auth.equals("Basic " + login)) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      if (exchange.getRequestURI().getPath().equals("/moved")) {
        exchange.getResponseHeaders().set("Location", "/file");
        exchange.sendResponseHeaders(302, -1);
        return;
      }
      if (exchange.getRequestURI().getPath().equals("/away")) {
        exchange.getResponseHeaders().set("Location", away);
        exchange.sendResponseHeaders(302, -1);
        return;
      }
      String same = exchange.getRequestHeaders().getFirst("If-Range");
      boolean part = ranges && range.startsWith("bytes=") && (same == null || same.equals(tag));
      int from = part ? Integer.parseInt(range.replaceAll("[^0-9]", "")) : 0;
      if (part && from >= file.length) {
        exchange.getResponseHeaders().set("Content-Range", "bytes */" + file.length);
        exchange.sendResponseHeaders(416, -1);
        return;
      }
      exchange.getResponseHeaders().set("ETag", tag);
      if (part) {
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes " + from + "-" + (file.length - 1) + "/" + file.length);
      }
      exchange.sendResponseHeaders(part ? 206 : 200, file.length - from);
      int cut = cuts.isEmpty() ? Integer.MAX_VALUE : cuts.remove(0);
      int length = Math.min(cut, file.length - from);
      OutputStream out = exchange.getResponseBody();
      out.write(file, from, length);
      out.flush();
      sent.addAndGet(length);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
