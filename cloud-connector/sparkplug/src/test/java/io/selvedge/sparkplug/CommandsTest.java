package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Value;
import io.selvedge.sparkplug.Commands.Order;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataType;
import io.selvedge.sparkplug.payload.Metric;
import io.selvedge.sparkplug.payload.Payload;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommandsTest {

  private static final String NCMD = "spBv1.0/plant/NCMD/gw-1";
  private static final String DCMD = "spBv1.0/plant/DCMD/gw-1/boiler";

  private final FakeDevices devices =
      new FakeDevices()
          .put(
              "boiler",
              State.UP,
              Channel.decimal("temperature", "Cel"),
              Channel.decimal("target", "Cel").writable(),
              Channel.flag("valve").writable());

  private final EdgeNode node =
      new EdgeNode(
          new NodeId("plant", "gw-1"),
          devices,
          Clock.systemUTC(),
          true,
          true,
          true,
          1 << 20,
          new Names(Path.of("no metrics are there"), Clock.systemUTC(), why -> {}));
  private final Commands commands = new Commands(node);
  private long aliasOfTarget;

  @BeforeEach
  void born() {
    Payload birth = Packet.parsed(node.birth(0).get(1).payload());
    aliasOfTarget = Trace.metric(birth, "target").alias().orElseThrow();
  }

  @Test
  void asksForARebirthOrTheNextServer() {
    assertThat(orders(NCMD, named(EdgeNode.REBIRTH, DataType.BOOLEAN, new Content.Bool(true))))
        .containsExactly(new Order.Rebirth());
    assertThat(orders(NCMD, named(EdgeNode.NEXT_SERVER, DataType.BOOLEAN, new Content.Bool(true))))
        .containsExactly(new Order.NextServer());
  }

  @Test
  void aRebirthMustBeWrittenAsTrue() {
    for (Content wrong :
        List.of(new Content.Bool(false), new Content.Int32(1), new Content.Text("true"))) {
      assertThat(refusal(NCMD, named(EdgeNode.REBIRTH, DataType.BOOLEAN, wrong)))
          .isEqualTo("metric [Node Control/Rebirth] must be written as true of type Boolean");
    }
  }

  @Test
  void otherMetricsOfTheNodeCannotBeWritten() {
    assertThat(refusal(NCMD, named("bdSeq", DataType.INT64, new Content.Int64(1))))
        .isEqualTo(
            "metric [bdSeq] of the node cannot be written; [Node Control/Rebirth] and [Node"
                + " Control/Next Server] can");
    assertThat(refusal(NCMD, Scenarios.byAlias(77, new Content.Bool(true))))
        .startsWith("metric [alias 77] of the node cannot be written");
  }

  @Test
  void writesAChannelByNameAndByAlias() {
    assertThat(written(named("target", DataType.DOUBLE, new Content.Double64(21.5))))
        .isEqualTo(Value.of(21.5));
    assertThat(written(Scenarios.byAlias(aliasOfTarget, new Content.Double64(22))))
        .isEqualTo(Value.of(22.0));
  }

  @Test
  void takesEveryTypeOfNumber() {
    assertThat(written(named("target", DataType.INT8, new Content.Int32(0xff))))
        .isEqualTo(Value.of(-1L));
    assertThat(written(named("target", DataType.INT16, new Content.Int32(0x8000))))
        .isEqualTo(Value.of(-32768L));
    assertThat(written(named("target", DataType.INT32, new Content.Int32(-5))))
        .isEqualTo(Value.of(-5L));
    assertThat(written(named("target", DataType.UINT32, new Content.Int32(-1))))
        .isEqualTo(Value.of(4_294_967_295L));
    assertThat(written(named("target", DataType.INT64, new Content.Int64(-5))))
        .isEqualTo(Value.of(-5L));
    assertThat(written(named("target", DataType.UINT64, new Content.Int64(5))))
        .isEqualTo(Value.of(5L));
    assertThat(written(named("target", DataType.INT64, new Content.Int32(-5))))
        .isEqualTo(Value.of(-5L));
    assertThat(written(named("target", DataType.FLOAT, new Content.Float32(1.5f))))
        .isEqualTo(Value.of(1.5));
    assertThat(written(named("target", DataType.STRING, new Content.Text("warm"))))
        .isEqualTo(Value.of("warm"));
  }

  @Test
  void refusesValuesThatAreNone() {
    assertThat(refusal(DCMD, named("target", DataType.DOUBLE, new Content.Double64(Double.NaN))))
        .isEqualTo(
            "metric [target] of device [boiler] is not written: value [NaN] must be a finite"
                + " number");
    assertThat(refusal(DCMD, named("target", DataType.UINT64, new Content.Int64(-1))))
        .contains("value [18446744073709551615] of type [UINT64] must be at most");
    assertThat(refusal(DCMD, named("target", DataType.DOUBLE, new Content.Text("21"))))
        .contains("value of type [DOUBLE] must be in the field [double_value], and it is a [Text]");
    assertThat(refusal(DCMD, named("target", DataType.DATA_SET, new Content.Nested(17, bytes()))))
        .contains("type [DATA_SET] must be a number, BOOLEAN or a text; channels have no others");
    assertThat(refusal(DCMD, named("target", DataType.TEMPLATE, new Content.Nested(18, bytes()))))
        .contains("type [TEMPLATE] must be");
    assertThat(refusal(DCMD, metric("target", OptionalInt.of(99), new Content.Int32(1))))
        .contains("type [99] must be 0 to 34");
    Metric nothing =
        new Metric(
            Optional.of("target"),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            false,
            Map.of(),
            Optional.empty());
    assertThat(refusal(DCMD, nothing)).contains("cannot be written as null");
  }

  @Test
  void refusesChannelsThatAreNotThereOrOnlyRead() {
    assertThat(refusal(DCMD, named("nope", DataType.DOUBLE, new Content.Double64(1))))
        .isEqualTo("metric [nope] of device [boiler] is not one of its channels");
    assertThat(refusal(DCMD, named("temperature", DataType.DOUBLE, new Content.Double64(1))))
        .isEqualTo("metric [temperature] of device [boiler] can only be read");
    assertThat(refusal(DCMD, Scenarios.byAlias(999, new Content.Double64(1))))
        .isEqualTo("metric [alias 999] of device [boiler] is not one of its channels");
    assertThat(
            refusal(
                "spBv1.0/plant/DCMD/gw-1/nobody",
                named("x", DataType.DOUBLE, new Content.Double64(1))))
        .isEqualTo("metric [x] of device [nobody] is not one of its channels");
  }

  @Test
  void doesSeveralThingsInTheirOrderAndTheGoodOnesDespiteABadOne() {
    List<Order> orders =
        orders(
            DCMD,
            named("target", DataType.DOUBLE, new Content.Double64(1)),
            named("nope", DataType.DOUBLE, new Content.Double64(1)),
            named("valve", DataType.BOOLEAN, new Content.Bool(true)));

    assertThat(orders).hasSize(3);
    assertThat(orders.get(0)).isInstanceOf(Order.Write.class);
    assertThat(orders.get(1)).isInstanceOf(Order.Refused.class);
    assertThat(orders.get(2)).isInstanceOf(Order.Write.class);
  }

  @Test
  void passesOverWhatIsNoCommandOfThisNode() {
    byte[] rebirth =
        payload(named(EdgeNode.REBIRTH, DataType.BOOLEAN, new Content.Bool(true))).bytes();

    for (String topic :
        List.of(
            "spBv1.0/plant/NCMD/gw-2",
            "spBv1.0/other/NCMD/gw-1",
            "spBv1.0/plant/NDATA/gw-1",
            "spBv1.0/plant/DCMD/gw-1/boiler/more",
            "",
            "x")) {
      assertThat(commands.orders(topic, rebirth)).isEmpty();
    }
  }

  @Test
  void refusesGarbageWithAReason() {
    Order order = commands.orders(NCMD, new byte[] {0x0a, (byte) 0xff}).get(0);

    assertThat(((Order.Refused) order).why())
        .startsWith("command on [spBv1.0/plant/NCMD/gw-1] cannot be read: payload of [2] bytes");
  }

  @Test
  void doesNotReadAHugeCommand() {
    Order order = commands.orders(DCMD, new byte[Commands.LARGEST + 1]).get(0);

    assertThat(((Order.Refused) order).why())
        .isEqualTo(
            "command on [spBv1.0/plant/DCMD/gw-1/boiler] has [1048577] bytes; [1048576] are the"
                + " most");
  }

  @Test
  void anyBytesAreOrdersOrRefusals() {
    Random random = new Random(3);
    byte[] good =
        payload(
                named("target", DataType.DOUBLE, new Content.Double64(21.5)),
                named("valve", DataType.BOOLEAN, new Content.Bool(true)))
            .bytes();
    for (int round = 0; round < 5000; round++) {
      byte[] bytes = good.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      assertThat(commands.orders(DCMD, bytes)).doesNotContainNull();
    }
  }

  private Value written(Metric metric) {
    List<Order> orders = orders(DCMD, metric);
    assertThat(orders).hasSize(1);
    return ((Order.Write) orders.get(0)).command().value();
  }

  private String refusal(String topic, Metric metric) {
    List<Order> orders = orders(topic, metric);
    assertThat(orders).hasSize(1);
    return ((Order.Refused) orders.get(0)).why();
  }

  private List<Order> orders(String topic, Metric... metrics) {
    return commands.orders(topic, payload(metrics).bytes());
  }

  private static Payload payload(Metric... metrics) {
    return new Payload(OptionalLong.of(1), OptionalInt.empty(), List.of(metrics));
  }

  private static Metric named(String name, DataType type, Content content) {
    return metric(name, OptionalInt.of(type.number()), content);
  }

  private static Metric metric(String name, OptionalInt type, Content content) {
    return new Metric(
        Optional.of(name),
        OptionalLong.empty(),
        OptionalLong.empty(),
        type,
        false,
        Map.of(),
        Optional.of(content));
  }

  private static byte[] bytes() {
    return new byte[] {0x08, 0x01};
  }
}
