package io.selvedge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers as a hub would, by what it was told: the last answer to a path stays. */
final class FakeHub implements AutoCloseable {

  static final String TOKEN = "secret";

  private static final String LATE = "late ";
  private static final long LATE_MILLIS = 1100;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final Map<String, Deque<String>> answers = new LinkedHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final List<JsonNode> bodies = new ArrayList<>();

  FakeHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * To a method and path, without the query: these one after the other; begins with the status.
   * 000: the connection ends without an answer. With late before it: after more than a second.
   */
  FakeHub answers(String request, String... statusAndBody) {
    answers.put(request, new ArrayDeque<>(List.of(statusAndBody)));
    return this;
  }

  List<String> asked() {
    return asked;
  }

  /** The body that came last. */
  JsonNode body() {
    return bodies.get(bodies.size() - 1);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
    if (body.length > 0 && type.equals("application/json")) {
      bodies.add(JSON.readTree(body));
    }
    String answer = "404 {\"code\": \"rollout.unknown\", \"message\": \"is not known here\"}";
    Deque<String> told = answers.get(path);
    if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer = "401 {\"code\": \"request.unauthorised\", \"message\": \"the token is not right\"}";
    } else if (told != null) {
      answer = told.size() > 1 ? told.removeFirst() : told.getFirst();
    }
    if (answer.startsWith(LATE)) {
      late();
      answer = answer.substring(LATE.length());
    }
    if (answer.equals("000")) {
      exchange.close();
      return;
    }
    byte[] bytes = answer.substring(4).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static void late() {
    try {
      Thread.sleep(LATE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
