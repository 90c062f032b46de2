package io.selvedge.remote;

import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Replies that several applications give. */
public final class Answers {

  private Answers() {}

  /** Done, with a text as body. */
  public static Reply text(String body) {
    return new Reply(200, "", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  /** There is no such resource. */
  public static Reply unknown(String app, Request request, String known) {
    return Reply.error(
        404,
        app + " has no [" + request.method() + " " + request.resource() + "]; there are " + known);
  }
}
