package io.selvedge.mqtt;

import io.selvedge.api.uplink.Uplink;
import io.selvedge.outbox.Outbox;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.PayloadException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.osgi.framework.BundleContext;
import org.osgi.util.converter.Converters;

/** The gateway's uplink in a process without a framework: connection and outbox as shipped. */
public final class PlainUplink implements AutoCloseable {

  private final MqttUplink uplink;

  /**
   * Opens it.
   *
   * @param properties framework properties, {@code selvedge.…}
   * @param config as in {@code io.selvedge.mqtt.cfg}
   * @param open opens the outbox, and may put something before or below it
   */
  public PlainUplink(
      Map<String, String> properties,
      Map<String, String> config,
      BiFunction<Path, OutboxOptions, Outbox> open) {
    uplink =
        new MqttUplink(
            context(properties),
            Converters.standardConverter().convert(config).to(MqttConfig.class),
            new HashMap<>(config),
            open);
  }

  public Uplink uplink() {
    return uplink;
  }

  /** What a record of such an uplink's outbox holds. */
  public static KuraPayload payload(byte[] record) {
    try {
      return KuraCodec.decode(StoredMessage.parse(record).orElseThrow().payload());
    } catch (PayloadException e) {
      throw new IllegalStateException("a record of our own cannot be read", e);
    }
  }

  /** Has properties, and no services. */
  private static BundleContext context(Map<String, String> properties) {
    return (BundleContext)
        Proxy.newProxyInstance(
            PlainUplink.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getProperty" -> properties.get((String) arguments[0]);
                  case "getServiceReferences" -> List.of();
                  case "getServiceReference", "addServiceListener", "removeServiceListener" -> null;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  @Override
  public void close() {
    uplink.close();
  }
}
