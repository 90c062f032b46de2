package io.selvedge.protocol.kura;

import io.selvedge.api.uplink.Request.Method;
import java.util.Optional;

/**
 * A topic of the Kura namespace, one record for each form:
 *
 * <pre>
 * {account}/{gateway}/{app}/{resource…}                     Data
 * $EDC/{account}/{gateway}/MQTT/{BIRTH|APPS|DC|LWT}         Life
 * $EDC/{account}/{target}/{app}/{method}/{resource…}        Call
 * $EDC/{account}/{requester}/{app}/REPLY/{request.id}       Answer
 * $EDC/{account}/{requester}/{app}/NOTIFY/{gateway}/{type}  Notice
 * $EDC/{account}/{target}/{app}[/{anything else}]          WrongCall
 * </pre>
 *
 * Parts are not empty and hold none of {@code / + #}; a resource may hold {@code /}.
 */
public sealed interface KuraTopic {

  /** First part of every control topic. */
  String CONTROL = "$EDC";

  /** Client id of the hub, as far as topics go. */
  String HUB = "HUB";

  /**
   * Metric of births, farewells and wills: when their connection began by the gateway's clock, in
   * milliseconds since 1970.
   */
  String CONNECTION_TIME = "connection.time";

  /** What a gateway tells of its connection. */
  enum Stage {
    BIRTH,
    APPS,
    DC,
    LWT
  }

  /** Telemetry of one gateway. */
  record Data(String account, String gateway, String app, String resource) implements KuraTopic {
    public Data {
      requirePart(account, "account");
      requirePart(gateway, "gateway");
      requirePart(app, "app");
      requireResource(resource);
    }

    @Override
    public String topic() {
      return account + '/' + gateway + '/' + app + '/' + resource;
    }
  }

  /** Birth, list of apps, disconnect, last will. */
  record Life(String account, String gateway, Stage stage) implements KuraTopic {
    public Life {
      requirePart(account, "account");
      requirePart(gateway, "gateway");
    }

    @Override
    public String topic() {
      return control(account, gateway, "MQTT", stage.name());
    }
  }

  /** A request to a gateway or to the hub; the resource may be empty. */
  record Call(String account, String target, String app, Method method, String resource)
      implements KuraTopic {
    public Call {
      requirePart(account, "account");
      requirePart(target, "target");
      requirePart(app, "app");
      if (!resource.isEmpty()) {
        requireResource(resource);
      }
    }

    @Override
    public String topic() {
      String topic = control(account, target, app, method.name());
      return resource.isEmpty() ? topic : topic + '/' + resource;
    }
  }

  /** A request in whose topic the method is missing or none of {@link Method}. */
  record WrongCall(String account, String target, String app, String rest) implements KuraTopic {
    public WrongCall {
      requirePart(account, "account");
      requirePart(target, "target");
      requirePart(app, "app");
    }

    @Override
    public String topic() {
      String topic = control(account, target, app);
      return rest.isEmpty() ? topic : topic + '/' + rest;
    }
  }

  /** The reply to a request. */
  record Answer(String account, String requester, String app, String requestId)
      implements KuraTopic {
    public Answer {
      requirePart(account, "account");
      requirePart(requester, "requester");
      requirePart(app, "app");
      requirePart(requestId, "request id");
    }

    @Override
    public String topic() {
      return control(account, requester, app, "REPLY") + '/' + requestId;
    }
  }

  /** Progress of something that was requested. */
  record Notice(String account, String requester, String app, String gateway, String type)
      implements KuraTopic {
    public Notice {
      requirePart(account, "account");
      requirePart(requester, "requester");
      requirePart(app, "app");
      requirePart(gateway, "gateway");
      requirePart(type, "type");
    }

    @Override
    public String topic() {
      return control(account, requester, app, "NOTIFY") + '/' + gateway + '/' + type;
    }
  }

  /**
   * Where blocks of files come to a gateway: beside its inbox, so that only the connection that
   * wants them hears them.
   *
   * @param session a random name, another one for each connection
   */
  static String files(String account, String gateway, String session) {
    return control(account, gateway + "~files", session, "BLOCKS");
  }

  /** As it goes to the broker. */
  String topic();

  /** The account it belongs to. */
  String account();

  /** What a gateway, or the hub as {@link #HUB}, subscribes to in order to hear what is for it. */
  static String inbox(String account, String client) {
    requirePart(account, "account");
    requirePart(client, "client");
    return control(account, client) + "/#";
  }

  /** Takes a topic apart; empty where it has none of the forms. */
  static Optional<KuraTopic> parse(String topic) {
    if (topic.startsWith(CONTROL + '/')) {
      return parseControl(topic.substring(CONTROL.length() + 1).split("/", 5));
    }
    String[] parts = topic.split("/", 4);
    return parts.length == 4 && !topic.startsWith("$") && parts(parts, 3) && rest(parts[3])
        ? Optional.of(new Data(parts[0], parts[1], parts[2], parts[3]))
        : Optional.empty();
  }

  private static Optional<KuraTopic> parseControl(String[] parts) {
    String rest = parts.length == 5 ? parts[4] : "";
    if (parts.length < 3 || !parts(parts, 3) || !allowed(rest)) {
      return Optional.empty();
    }
    if (parts[2].equals("MQTT")) {
      return parts.length == 4
          ? name(Stage.values(), parts[3]).map(stage -> new Life(parts[0], parts[1], stage))
          : Optional.empty();
    }
    if (parts.length == 3 || !isPart(parts[3])) {
      String method = parts.length == 3 ? "" : parts[3];
      return allowed(method)
          ? Optional.of(new WrongCall(parts[0], parts[1], parts[2], method))
          : Optional.empty();
    }
    if (parts[3].equals("REPLY")) {
      return isPart(rest)
          ? Optional.of(new Answer(parts[0], parts[1], parts[2], rest))
          : Optional.empty();
    }
    if (parts[3].equals("NOTIFY")) {
      String[] last = rest.split("/", -1);
      return last.length == 2 && parts(last, 2)
          ? Optional.of(new Notice(parts[0], parts[1], parts[2], last[0], last[1]))
          : Optional.empty();
    }
    Optional<Method> method = name(Method.values(), parts[3]);
    if (method.isEmpty() || (parts.length == 5 && rest.isEmpty())) {
      String wrong = parts.length == 5 ? parts[3] + '/' + rest : parts[3];
      return Optional.of(new WrongCall(parts[0], parts[1], parts[2], wrong));
    }
    return Optional.of(new Call(parts[0], parts[1], parts[2], method.get(), rest));
  }

  private static <E extends Enum<E>> Optional<E> name(E[] all, String name) {
    for (E one : all) {
      if (one.name().equals(name)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  private static String control(String... parts) {
    return CONTROL + '/' + String.join("/", parts);
  }

  private static boolean parts(String[] parts, int count) {
    for (int i = 0; i < count; i++) {
      if (!isPart(parts[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPart(String part) {
    return rest(part) && part.indexOf('/') < 0;
  }

  private static boolean rest(String part) {
    return !part.isEmpty() && allowed(part);
  }

  private static boolean allowed(String text) {
    return text.indexOf('+') < 0 && text.indexOf('#') < 0 && text.indexOf('\0') < 0;
  }

  private static void requirePart(String part, String what) {
    if (!isPart(part)) {
      throw new IllegalArgumentException(
          what + " [" + part + "] must not be empty and must not hold / + or #");
    }
  }

  private static void requireResource(String resource) {
    if (!rest(resource)) {
      throw new IllegalArgumentException(
          "resource [" + resource + "] must not be empty and must not hold + or #");
    }
  }
}
