package io.selvedge.driver.opcua;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UByte;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Nodes of an OPC UA server (OPC 10000-4), all read by one request. What the server marks as bad is
 * missing; the rest is there.
 */
@Component(
    configurationPid = "io.selvedge.driver.opcua",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = OpcUaConfig.class, factory = true)
public final class OpcUaDriver implements Driver {

  private final List<Node> nodes;
  private final Server server;

  @Activate
  public OpcUaDriver(
      BundleContext context, @Reference(name = "stack") MiloStack stack, OpcUaConfig config) {
    this(config, Path.of(Optional.ofNullable(context.getProperty("selvedge.data")).orElse(".")));
  }

  OpcUaDriver(OpcUaConfig config, Path data) {
    if (!config.bus().strip().startsWith("opc.tcp://")) {
      throw new IllegalArgumentException(
          "bus [" + config.bus() + "] must be a server, for example [opc.tcp://10.0.0.5:4840]");
    }
    SecurityPolicy policy = policy(config.security());
    if (policy == SecurityPolicy.None && !config.user().isEmpty()) {
      throw new IllegalArgumentException(
          "security [None] would show the password of user ["
              + config.user()
              + "] to the network; choose another security");
    }
    this.nodes = Node.parse(config.nodes());
    this.server =
        new Server(
            config,
            policy,
            policy == SecurityPolicy.None
                ? Optional.empty()
                : Optional.of(ClientKey.in(data.resolve("opcua"))));
  }

  private static SecurityPolicy policy(String name) {
    for (SecurityPolicy policy :
        List.of(
            SecurityPolicy.None,
            SecurityPolicy.Basic256Sha256,
            SecurityPolicy.Aes128_Sha256_RsaOaep,
            SecurityPolicy.Aes256_Sha256_RsaPss)) {
      if (policy.name().equals(name)) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "security ["
            + name
            + "] must be Basic256Sha256, Aes128_Sha256_RsaOaep, Aes256_Sha256_RsaPss or None;"
            + " the older ones are broken");
  }

  @Deactivate
  public void close() {
    server.close();
  }

  @Override
  public List<Channel> channels() {
    return nodes.stream().map(Node::channel).toList();
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    List<DataValue> values = server.read(nodes.stream().map(Node::id).toList());
    List<Reading> readings = new ArrayList<>(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      readings.add(nodes.get(i).reading(values.get(i)));
    }
    return readings;
  }

  /** Servers take a number only in the node's own type, so the node is asked for it first. */
  @Override
  public void write(String channel, Value value) throws DeviceException, InterruptedException {
    Node node =
        nodes.stream()
            .filter(n -> n.channel().id().equals(channel) && n.channel().isWritable())
            .findFirst()
            .orElseThrow(
                () -> new DeviceException("channel [" + channel + "] is not declared as writable"));
    Object now = server.read(List.of(node.id())).get(0).getValue().getValue();
    StatusCode status = server.write(node.id(), DataValue.valueOnly(new Variant(like(now, value))));
    if (!status.isGood()) {
      throw new DeviceException("server refuses [" + channel + "]: " + status);
    }
  }

  private static Object like(@Nullable Object now, Value value) {
    return value.match(
        decimal -> number(now, decimal.value()),
        whole -> number(now, (double) whole.value()),
        flag -> flag.value(),
        text -> text.value(),
        missing -> missing.detail());
  }

  private static Object number(@Nullable Object now, double value) {
    long whole = Math.round(value);
    if (now instanceof Float) {
      return (float) value;
    }
    if (now instanceof Byte) {
      return (byte) whole;
    }
    if (now instanceof Short) {
      return (short) whole;
    }
    if (now instanceof Integer) {
      return (int) whole;
    }
    if (now instanceof Long) {
      return whole;
    }
    if (now instanceof UByte) {
      return UByte.valueOf(whole);
    }
    if (now instanceof UShort) {
      return UShort.valueOf((int) whole);
    }
    if (now instanceof UInteger) {
      return UInteger.valueOf(whole);
    }
    return value;
  }
}
