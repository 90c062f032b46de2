package io.selvedge.remote.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selvedge.api.configuration.Snapshots;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.remote.FakeEvents;
import io.selvedge.remote.Golden;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.ObjectClassDefinition;

class ConfV1Test {

  private final FakeSnapshots snapshots = new FakeSnapshots();
  private final ConfV1 conf =
      new ConfV1(
          () -> new TreeMap<>(snapshots.now),
          new Definitions() {
            @Override
            public Optional<ObjectClassDefinition> find(String pid) {
              return pid.startsWith("io.selvedge.driver.simulated~") || pid.equals("io.selvedge.a")
                  ? Optional.of(
                      new FakeTypes(
                          pid,
                          new FakeTypes.Attribute("interval.ms", AttributeDefinition.INTEGER, "9"),
                          new FakeTypes.Attribute("password", AttributeDefinition.PASSWORD, "")))
                  : Optional.empty();
            }

            @Override
            public Set<String> singles() {
              return Set.of("io.selvedge.a", "org.apache.felix.http");
            }
          },
          snapshots,
          new ConnectionGuard(
              Path.of("target/unconfirmed"),
              snapshots,
              new FakeEvents(),
              Duration.ofMinutes(5),
              Duration.ofSeconds(1),
              System::nanoTime));

  @BeforeEach
  void configure() {
    Map<String, Object> hall = new TreeMap<>();
    hall.put("device.id", "hall");
    hall.put("interval.ms", "500");
    hall.put("password", "geheim");
    hall.put("tags", new String[] {"x", "y & z"});
    snapshots.now.put("io.selvedge.driver.simulated~hall", hall);
    snapshots.now.put("b", new TreeMap<>(Map.of("n", 7L)));
  }

  private Reply ask(Method method, String resource, String body) {
    return conf.handle(
        new Request(method, resource, Map.of(), body.getBytes(StandardCharsets.UTF_8)));
  }

  private static String body(Reply reply) {
    assertThat(reply.code()).as(reply.message()).isEqualTo(200);
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  @Test
  void configurationsAreKurasXmlWithWhatBundlesSayOfThem() {
    String xml = body(ask(Method.GET, "configurations", ""));
    assertThat(xml)
        .startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?><esf:configurations xmlns:esf=\"")
        .contains(
            "<esf:configuration pid=\"b\"><esf:properties><esf:property array=\"false\""
                + " encrypted=\"false\" name=\"n\" type=\"Long\"><esf:value>7</esf:value>"
                + "</esf:property></esf:properties></esf:configuration>",
            "name=\"interval.ms\" type=\"Integer\"><esf:value>500</esf:value>",
            "array=\"true\" encrypted=\"false\" name=\"tags\" type=\"String\"><esf:value>x"
                + "</esf:value><esf:value>y &amp; z</esf:value>",
            "<ocd:AD cardinality=\"0\" default=\"9\" description=\"&lt;interval.ms&gt; &amp; more\""
                + " id=\"interval.ms\" name=\"The interval.ms\" required=\"true\" type=\"Integer\">",
            "pid=\"io.selvedge.a\"")
        .doesNotContain("geheim", "org.apache.felix.http");
    assertThat(body(ask(Method.GET, "configurations/b", ""))).doesNotContain("hall");
    assertThat(ask(Method.GET, "configurations/nobody", "").code()).isEqualTo(404);
  }

  @Test
  void whatIsReadCanBeWrittenBackAndChangesNothing() {
    String xml = body(ask(Method.GET, "configurations", ""));
    Map<String, Map<String, Object>> read =
        ConfXmlReader.read(xml.getBytes(StandardCharsets.UTF_8));
    assertThat(read.get("b")).isEqualTo(Map.of("n", 7L));
    assertThat(read.get("io.selvedge.driver.simulated~hall"))
        .containsEntry("password", Snapshots.MASK)
        .containsEntry("tags", new String[] {"x", "y & z"});
    body(ask(Method.PUT, "configurations", xml));
  }

  @Test
  void theGoldenChangeIsTakenAndIsASnapshot() throws Exception {
    Request golden =
        Golden.request(
            "CONF-V1", Method.PUT, "configurations/io.selvedge.driver.simulated~hall", "conf-put");
    assertThat(conf.handle(golden).code()).isEqualTo(200);
    assertThat(snapshots.now.get("io.selvedge.driver.simulated~hall"))
        .containsEntry("interval.ms", 250)
        .containsEntry("device.id", "hall");
    assertThat(snapshots.list).hasSize(2);
    assertThat(snapshots.list.get(0).why()).isEqualTo("CONF-V1: io.selvedge.driver.simulated~hall");
    assertThat(body(ask(Method.GET, "snapshots", "")))
        .contains("<esf:snapshotIds>1000</esf:snapshotIds><esf:snapshotIds>1001</esf:snapshotIds>");
    assertThat(body(ask(Method.GET, "snapshots/1000", ""))).contains("<esf:value>500<");
    assertThat(ask(Method.GET, "snapshots/7", "").message())
        .isEqualTo("snapshot [7] is not here; there are [1001, 1000]");
  }

  @Test
  void aRollbackWithoutAnIdGoesToTheOneBefore() {
    assertThat(ask(Method.EXEC, "rollback", "").code()).as("only one").isEqualTo(404);
    snapshots.now.put("b", new TreeMap<>(Map.of("n", 8L)));
    assertThat(body(ask(Method.EXEC, "rollback", ""))).contains("<esf:snapshotIds>1000<");
    assertThat(snapshots.now.get("b")).isEqualTo(Map.of("n", 7L));
    assertThat(body(ask(Method.EXEC, "rollback/1001", ""))).contains("1001");
    assertThat(snapshots.now.get("b")).isEqualTo(Map.of("n", 8L));
    assertThat(ask(Method.EXEC, "rollback/7", "").code()).isEqualTo(404);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ask(Method.EXEC, "rollback/x", ""))
        .withMessageStartingWith("snapshot [x] must be a number");
    assertThat(body(ask(Method.EXEC, "snapshot", ""))).contains("esf:snapshot-ids");
  }

  @Test
  void anotherResourceIsNotThere() {
    assertThat(ask(Method.DEL, "configurations", "").message())
        .startsWith("CONF-V1 has no [DEL configurations]; there are GET configurations[/PID]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '' | body of [0] bytes must hold configurations
          <a> | body is not XML
          <a/> | at least one element [configuration]
          <!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a> | document type
          <a><configuration/></a> | attribute [pid] is missing
          <a><configuration pid="b"><properties><property type="Long"/></properties></configuration></a> | attribute [name] is missing
          <a><configuration pid="b"><properties><property name="n" type="Blob"/></properties></configuration></a> | type [Blob] must be
          <a><configuration pid="b"><properties><property name="n" type="Long"><value>x</value></property></properties></configuration></a> | property [n] is [x]; it must be of type Long
          <a><configuration pid="b"><properties><property name="n"><value>x</value><value>y</value></property></properties></configuration></a> | property [n] has [2] values
          <a><configuration pid="b"><properties><property name="p" encrypted="true"><value>x</value></property></properties></configuration></a> | is encrypted with another gateway's key
          <a><configuration pid="nobody"><properties/></configuration></a> | configuration [nobody] is not here
          <a><configuration pid="io.selvedge.driver.simulated~hall"><properties><property name="interval.ms" type="Integer"><value>0</value></property></properties></configuration></a> | must be at least 1
          <a><configuration pid="io.selvedge.driver.simulated~hall"><properties><property name="interval.ms"><value>soon</value></property></properties></configuration></a> | property [interval.ms] is [soon]; it must be of type Integer
          """)
  void whatIsWrongIsNamedAndNothingChanges(String xml, String message) {
    Map<String, Map<String, Object>> before = new TreeMap<>(snapshots.now);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ask(Method.PUT, "configurations", xml))
        .withMessageContaining(message);
    assertThat(snapshots.now).isEqualTo(before);
    assertThat(snapshots.list).isEmpty();
  }

  @Test
  void whatMayBeDoneFromAfarIsNotChangedFromAfar() throws Exception {
    snapshots.now.put("io.selvedge.remote.command", new TreeMap<>(Map.of("allow", "/bin/df")));
    long before = snapshots.take("by test").id();
    String same = "<property name='allow'><value>/bin/df</value></property>";
    String other = "<property name='allow'><value>/bin/sh **</value></property>";
    assertThat(ask(Method.PUT, "configurations", command("", same)).code()).isEqualTo(200);
    for (String name : List.of("", "~x")) {
      snapshots.now.computeIfAbsent("io.selvedge.remote.command" + name, key -> new TreeMap<>());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ask(Method.PUT, "configurations", command(name, other)))
          .withMessageContaining("is changed at the gateway only");
    }
    assertThat(snapshots.now.get("io.selvedge.remote.command")).containsEntry("allow", "/bin/df");

    snapshots.now.remove("io.selvedge.remote.command"); // somebody has switched it off since
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ask(Method.EXEC, "rollback/" + before, ""))
        .withMessageContaining("[io.selvedge.remote.command]");
    assertThat(snapshots.now).doesNotContainKey("io.selvedge.remote.command");
  }

  private static String command(String name, String property) {
    return "<a><configuration pid='io.selvedge.remote.command"
        + name
        + "'><properties>"
        + property
        + "</properties></configuration></a>";
  }

  @Test
  void whatBelongsToTheGatewayIsPassedOver() {
    ask(
        Method.PUT,
        "configurations",
        "<a><configuration pid='b'><properties><property name='service.pid'><value>c</value>"
            + "</property></properties></configuration></a>");
    assertThat(snapshots.now.get("b")).doesNotContainKey("service.pid");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ask(
                    Method.PUT,
                    "configurations/c",
                    "<a><configuration pid='b'></configuration></a>"))
        .withMessage("body holds no configuration of [c], which the topic names");
  }
}
