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
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.ULong;
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
 * Nodes of an OPC UA server (OPC 10000-4), all read by one request. What the server marks as bad or
 * uncertain is missing; the rest is there.
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

  private static Object like(@Nullable Object now, Value value) throws DeviceException {
    if (value instanceof Value.Flag flag) {
      return flag.value();
    }
    if (value instanceof Value.Text text) {
      return text.value();
    }
    return number(
        now,
        value
            .number()
            .orElseThrow(() -> new DeviceException("[" + value.display() + "] is no value")));
  }

  private static Object number(@Nullable Object now, double value) throws DeviceException {
    if (now instanceof Float) {
      return (float) within(value, -Float.MAX_VALUE, Float.MAX_VALUE);
    }
    double whole = Math.rint(value);
    if (now instanceof Byte) {
      return (byte) within(whole, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }
    if (now instanceof Short) {
      return (short) within(whole, Short.MIN_VALUE, Short.MAX_VALUE);
    }
    if (now instanceof Integer) {
      return (int) within(whole, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (now instanceof Long) {
      return (long) within(whole, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (now instanceof UByte) {
      return UByte.valueOf((int) within(whole, 0, UByte.MAX_VALUE));
    }
    if (now instanceof UShort) {
      return UShort.valueOf((int) within(whole, 0, UShort.MAX_VALUE));
    }
    if (now instanceof UInteger) {
      return UInteger.valueOf((long) within(whole, 0, UInteger.MAX_VALUE));
    }
    if (now instanceof ULong) {
      return ULong.valueOf((long) within(whole, 0, Long.MAX_VALUE));
    }
    return value;
  }

  /** What does not fit would become another number. */
  private static double within(double value, double least, double most) throws DeviceException {
    if (value < least || value > most) {
      throw new DeviceException(
          "[" + value + "] does not fit: the node's type takes " + least + " to " + most);
    }
    return value;
  }
}
