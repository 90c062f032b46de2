package io.selvedge.hub.rest;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;

/**
 * One thing that can be asked.
 *
 * @param method HTTP method
 * @param path as OpenAPI writes it: {@code /api/v1/gateways/{id}}
 * @param handler answers it
 */
public record Route(HandlerType method, String path, Handler handler) {

  static Route get(String path, Handler handler) {
    return new Route(HandlerType.GET, path, handler);
  }

  static Route post(String path, Handler handler) {
    return new Route(HandlerType.POST, path, handler);
  }

  static Route put(String path, Handler handler) {
    return new Route(HandlerType.PUT, path, handler);
  }

  static Route delete(String path, Handler handler) {
    return new Route(HandlerType.DELETE, path, handler);
  }
}
