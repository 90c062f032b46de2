package io.selvedge.flow.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.protocol.feature.FeatureOp;
import io.selvedge.protocol.feature.FeatureSpec;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowReaderTest {

  private static final String HEAD =
      "flow: test\nversion: '1'\ninputs: {t: office/temperature, h: office/humidity}\n";

  @Test
  void readsTheOfficeFlow() throws Exception {
    FlowDefinition office;
    try (InputStream in = getClass().getResourceAsStream("/io/selvedge/flow/office.flow.yaml")) {
      office = Flows.yaml(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertThat(office.name()).isEqualTo("office");
    assertThat(office.version()).isEqualTo("1");
    assertThat(office.inputs())
        .containsEntry("occupancy", new ChannelAddress("office", "occupancy"))
        .hasSize(3);
    assertThat(office.features())
        .contains(
            FeatureSpec.of(
                "humidity_slope_10m", "humidity", FeatureOp.SLOPE, Duration.ofMinutes(10)));
    assertThat(office.model()).contains("occupancy");
    assertThat(office.rules())
        .extracting(Rule::name)
        .containsExactly("occupied", "hot", "otherwise");
    assertThat(office.upload().measurements()).isEqualTo(new Upload.Measurements.All());
    assertThat(office.upload().decisionsSent())
        .isEqualTo(new Upload.Sent(3, Duration.ofDays(7), 1));
  }

  @Test
  void readsJsonAsWell() throws Exception {
    FlowDefinition flow =
        new FlowReader(new FlowSchema())
            .read(
                "test.flow.json",
                "{\"flow\":\"test\",\"version\":\"2\",\"inputs\":{\"t\":\"a/b\"}}"
                    .getBytes(StandardCharsets.UTF_8));
    assertThat(flow.version()).isEqualTo("2");
    assertThat(flow.upload().measurements()).isEqualTo(new Upload.Measurements.None());
    assertThat(flow.upload().decisions()).isEqualTo(Upload.Decisions.NONE);
  }

  @Test
  void readsEveryUploadPolicy() {
    String upload = HEAD + "upload: {measurements: ";
    assertThat(
            Flows.yaml(upload + "{policy: change, deadband: {t: 0.2}, at_least: PT1M}}")
                .upload()
                .measurements())
        .isEqualTo(
            new Upload.Measurements.Change(Map.of("t", 0.2), Optional.of(Duration.ofMinutes(1))));
    assertThat(Flows.yaml(upload + "{policy: aggregate, every: PT5M}}").upload().measurements())
        .isEqualTo(new Upload.Measurements.Aggregate(Duration.ofMinutes(5)));
    assertThat(
            Flows.yaml(
                    upload
                        + """
                {policy: hard, confidence: 0.8}}
                model: m
                features: [{name: t, of: t, op: last}]""")
                .upload()
                .measurements())
        .isEqualTo(new Upload.Measurements.Hard(0.8));
    assertThat(Flows.yaml(upload + "{policy: none}}").upload().measurements())
        .isEqualTo(new Upload.Measurements.None());
  }

  @Test
  void readsLimitsAndUplinks() {
    String inputs = "flow: test\nversion: '1'\ninputs: {t: office/temperature}\n";
    Upload upload =
        Flows.yaml(
                inputs
                    + """
                    upload:
                      to: [hub, sparkplug]
                      measurements: {policy: all, budget: 5MB, beyond: aggregate PT15M, on_slow: drop}
                    """)
            .upload();
    assertThat(upload.to()).containsExactly("hub", "sparkplug");
    assertThat(upload.limits())
        .isEqualTo(
            new Upload.Limits(
                Optional.of(5_000_000L),
                new Upload.Instead.Aggregate(Duration.ofMinutes(15)),
                new Upload.Instead.Drop(),
                new Upload.Instead.Wait()));
    Upload plain = Flows.yaml(inputs).upload();
    assertThat(plain.to()).containsExactly("hub");
    assertThat(plain.limits()).isEqualTo(Upload.Limits.NONE);
  }

  @Test
  void refusesLimitsThatAreNone() {
    String start =
        "flow: test\nversion: '1'\ninputs: {t: office/temperature}\nupload: {measurements: ";
    for (String wrong :
        List.of(
            "{policy: all, budget: 5}",
            "{policy: all, budget: 5 TB}",
            "{policy: all, budget: 0MB}",
            "{policy: all, beyond: drop}",
            "{policy: all, budget: 5MB, beyond: forget}",
            "{policy: all, budget: 5MB, beyond: aggregate}",
            "{policy: all, on_metered: aggregate P}",
            "{policy: all, on_metered: aggregate PT0S}",
            "{policy: all}, to: []",
            "{policy: all}, to: [hub, hub]",
            "{policy: all}, to: hub")) {
      assertThat(Flows.refused("test.flow.yaml", start + wrong + "}").getMessage())
          .as(wrong)
          .contains("$.upload");
    }
  }

  private static void refuses(String yaml, String... messages) {
    FlowException refused = Flows.refused("test.flow.yaml", yaml);
    assertThat(refused.problems()).as(refused.getMessage()).hasSize(messages.length);
    assertThat(refused.problems()).extracting(Problem::toString).containsExactly(messages);
  }

  @Test
  void saysWhereYamlOrJsonIsBroken() {
    assertThat(Flows.refused("a.flow.json", "{\"flow\": \"a\",, }"))
        .hasMessageStartingWith(
            "flow file [a.flow.json] is refused, 1 problem: $: it is not JSON at line 1, column 14: ");
    assertThat(Flows.refused("a.flow.yaml", "flow: a\n  version: [1"))
        .hasMessageStartingWith(
            "flow file [a.flow.yaml] is refused, 1 problem: $: it is not YAML at line 2, column ");
    assertThat(Flows.refused("a.flow.json", "{\"flow\": \"a\", \"flow\": \"b\"}"))
        .hasMessageContaining("Duplicate field 'flow'");
    assertThat(Flows.refused("a.flow.yaml", "- a\n- b"))
        .hasMessageEndingWith(
            "$: the file holds no YAML object; begin it with [flow], the flow's name");
    assertThat(Flows.refused("a.flow.yaml", "")).hasMessageContaining("holds no YAML object");
    assertThat(Flows.refused("a.flow.yaml", " ".repeat(FlowReader.MOST_BYTES + 1)))
        .hasMessageEndingWith(
            "$: it is larger than [1048576] bytes; a flow is smaller, take out what is none");
  }

  @Test
  void namesWhatIsMissingAndWhatIsUnknown() {
    refuses(
        "flow: test\nversions: '1'\ninputs: {t: office/temperature}",
        "$: [version] is missing; it is required, add it",
        "$: [versions] is not known here; known are flow, version, description, inputs, features,"
            + " model, rules, upload: take it out or mend its name");
  }

  @Test
  void refusesAVersionThatIsANumber() {
    refuses(
        "flow: test\nversion: 1\ninputs: {t: a/b}",
        "$.version: [1] must be of type string. The version, as text: write it in quotes. For"
            + " example [1].");
  }

  @Test
  void refusesAChannelThatIsNone() {
    refuses(
        "flow: test\nversion: '1'\ninputs: {t: temperature}",
        "$.inputs.t: [temperature] does not have the right form. A channel, written"
            + " device/channel. For example [office/temperature].");
    refuses(
        "flow: test\nversion: '1'\ninputs: {T 1: a/b}",
        "$.inputs: [T 1] is not a name: lower_snake_case, at most 64 characters, for example"
            + " [temperature_10m]");
    refuses(
        "flow: test\nversion: '1'\ninputs: {}",
        "$.inputs: [{}] must have at least 1 entry. Names of the flow's own for channels, written"
            + " device/channel. For example [{\"temperature\":\"office/temperature\"}].");
    refuses(
        "flow: test\nversion: '1'\ninputs: {a: o/t, b: o/t}",
        "$.inputs.b: [o/t] is input [a] already; use that one");
  }

  @Test
  void refusesFeaturesThatAreNone() {
    refuses(
        HEAD + "features: [{name: x, of: t, op: median}]",
        "$.features[0].op: [median] must be one of last, mean, min, max, std, slope, delta, lag,"
            + " day_sin, day_cos, weekend. How it is computed.");
    refuses(
        HEAD
            + """
                features:
                - {name: x, of: temp, op: last}
                - {name: x, op: weekend}
                - {name: y, of: t, op: mean}
                - {name: z, of: t, op: mean, window: P8D}""",
        "$.features[0].of: [temp] is not an input; inputs are [h, t]",
        "$.features[1].name: [x] is a feature already; give each its own name",
        "$.features[2]: feature [y]: op [mean] needs [window]; add it",
        "$.features[3]: feature [z]: window [PT192H] must be between PT1S and P7D, in whole"
            + " milliseconds");
    refuses(
        HEAD + "features: [{name: x, of: t, op: mean, window: 10m}]",
        "$.features[0].window: [10m] does not have the right form. An ISO-8601 duration. For"
            + " example [PT10M].");
    refuses(
        HEAD + "model: occupancy",
        "$.model: [occupancy] needs features to look at; add them to [features]");
  }

  private static String rule(String when) {
    return HEAD + "rules: [{name: r, when: \"" + when + "\", do: []}]";
  }

  @Test
  void refusesConditionsThatDoNotCompile() {
    refuses(
        rule("inputs.t >"),
        "$.rules[0].when: expression [inputs.t >] is not CEL: at column 11 mismatched input"
            + " '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null',"
            + " NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}");
    refuses(
        rule("input.t > 30.0"),
        "$.rules[0].when: expression [input.t > 30.0] is not CEL: at column 1 undeclared reference"
            + " to 'input'");
    refuses(
        rule("inputs.temp > 30.0"),
        "$.rules[0].when: expression [inputs.temp > 30.0]: inputs [temp] is not declared; declared"
            + " are [h, t]");
    refuses(
        rule("has(inputs.tt) && inputs['hh'] > 1.0"),
        "$.rules[0].when: expression [has(inputs.tt) && inputs['hh'] > 1.0]: inputs [tt] is not"
            + " declared; declared are [h, t]; inputs [hh] is not declared; declared are [h, t]");
    refuses(
        rule("features.slope > 0.1"),
        "$.rules[0].when: expression [features.slope > 0.1]: features [slope] is not declared;"
            + " declared are []");
    refuses(
        rule("outputs.occupied > 0.5"),
        "$.rules[0].when: expression [outputs.occupied > 0.5]: outputs [occupied] needs a model;"
            + " name one under [model]");
    refuses(
        rule("model.redy"),
        "$.rules[0].when: expression [model.redy] is not CEL: at column 1 undeclared reference to"
            + " 'model'");
    refuses(
        rule("1.0 + 2.0"),
        "$.rules[0].when: expression [1.0 + 2.0] gives a value of type [double]; it must be true or"
            + " false");
  }

  @Test
  void refusesActionsThatAreNone() {
    String action = HEAD + "rules: [{name: r, when: true, do: [";
    refuses(
        action + "{command: office/fan}]}]",
        "$.rules[0].do[0]: [{\"command\":\"office/fan\"}] must have at least 2 entries. Either"
            + " command and value, or alarm and text, or publish and metrics. For example"
            + " [{\"command\":\"office/fan\",\"value\":\"true\"}].",
        "$.rules[0].do[0]: [{\"command\":\"office/fan\"}] is not complete. Either command and"
            + " value, or alarm and text, or publish and metrics. For example"
            + " [{\"command\":\"office/fan\",\"value\":\"true\"}].");
    refuses(
        action + "{alarm: bad, text: x}]}]",
        "$.rules[0].do[0].alarm: [bad] must be one of info, warning, error. How bad it is.");
    refuses(
        action + "{alarm: info, text: 'at ${inputs.t'}]}]",
        "$.rules[0].do[0].text: text [at ${inputs.t] opens ${ but does not close it; add the"
            + " closing brace }");
    refuses(
        action + "{command: office/fan, value: '[1, 2]'}, {publish: c, metrics: {m: x}}]}]",
        "$.rules[0].do[0].value: expression [[1, 2]] gives a value of type [list]; it must be"
            + " a number, true or false, or a text",
        "$.rules[0].do[1].metrics.m: expression [x] is not CEL: at column 1 undeclared reference to"
            + " 'x'");
    refuses(
        HEAD + "rules: [{name: r, when: true, do: []}, {name: r, when: true, do: []}]",
        "$.rules[1].name: [r] is a rule already; give each its own name");
  }

  @Test
  void namesAllThatIsWrongAtOnceAndNothingTwice() {
    FlowException refused =
        Flows.refused(
            "test.flow.yaml",
            """
        flow: test
        version: 1
        inputs: {t: temperature, h: office/humidity}
        features:
        - {name: a, of: t, op: median}
        - {name: b, of: x, op: last}
        rules:
        - {name: r, do: []}
        - {name: s, when: features.a > inputs.x, do: [{alarm: loud, text: '${y}'}, {value: 1}]}
        upload: {measurements: {policy: some, every: never}, decisions: {policy: 5}}
        """);
    assertThat(refused.problems())
        .as(refused.getMessage())
        .extracting(Problem::path)
        .containsExactly(
            "$.version",
            "$.inputs.t",
            "$.features[0].op",
            "$.rules[0]",
            "$.rules[1].do[0].alarm",
            "$.rules[1].do[1]",
            "$.rules[1].do[1]",
            "$.upload.measurements.policy",
            "$.upload.measurements.every",
            "$.upload.measurements.policy",
            "$.upload.decisions.policy",
            "$.features[1].of",
            "$.rules[1].when",
            "$.rules[1].do[0].text");
  }

  @Test
  void refusesUploadsThatAreNone() {
    String upload = HEAD + "upload: {measurements: ";
    refuses(
        upload + "{policy: aggregate}}",
        "$.upload.measurements: [every] is missing; it is required, add it");
    refuses(
        upload + "{policy: all, deadband: {t: 1}}}",
        "$.upload.measurements.policy: [all] must be [change]. deadband goes only with policy"
            + " change.");
    refuses(
        upload + "{policy: change, deadband: {x: 1}, at_least: PT0S}}",
        "$.upload.measurements.deadband.x: [x] is not an input; inputs are [h, t]",
        "$.upload.measurements.at_least: [PT0S] must be a duration of at least one second, for"
            + " example [PT10M]");
    refuses(
        upload + "{policy: hard, confidence: 0.8}}",
        "$.upload.measurements.policy: [hard] needs a model; name one under [model] or use"
            + " [change]");
    refuses(
        upload + "{policy: all, priority: 10}}",
        "$.upload.measurements.priority: [10] must not be more than 9. 0 goes first, 9 last. For"
            + " example [5].");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "42", "\"flow\"", "[]", "{", "\u0000", "&a [*a]", "!!java.net.URL x"})
  void neverTripsOverWhatIsNoFlow(String text) {
    assertThat(Flows.refused("a.flow.yaml", text).problems()).isNotEmpty();
    assertThat(Flows.refused("a.flow.json", text).problems()).isNotEmpty();
  }

  @Test
  void aDamagedFlowIsRefusedOrReadButNeverTrips() throws Exception {
    ObjectMapper json = new ObjectMapper();
    JsonNode office;
    try (InputStream in = getClass().getResourceAsStream("/io/selvedge/flow/office.flow.yaml")) {
      office = new YAMLMapper().readTree(in);
    }
    FlowReader reader = new FlowReader(new FlowSchema());
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      JsonNode damaged = office.deepCopy();
      damage(damaged, random);
      try {
        reader.read("office.flow.json", json.writeValueAsBytes(damaged));
      } catch (FlowException e) {
        refused++;
        assertThat(e.problems()).isNotEmpty();
      }
    }
    assertThat(refused).isGreaterThan(120);
  }

  /** Puts something else, or nothing, at a random place. */
  private static void damage(JsonNode node, Random random) {
    List<JsonNode> others =
        List.of(
            NullNode.getInstance(),
            TextNode.valueOf("x ${"),
            IntNode.valueOf(-1),
            BooleanNode.TRUE,
            JsonNodeFactory.instance.arrayNode().add("x"),
            JsonNodeFactory.instance.objectNode().put("policy", "change"));
    List<JsonNode> containers = new ArrayList<>();
    collect(node, containers);
    JsonNode container = containers.get(random.nextInt(containers.size()));
    JsonNode other = others.get(random.nextInt(others.size()));
    int at = random.nextInt(container.size());
    if (container instanceof ArrayNode array) {
      array.set(at, other);
    } else if (container instanceof ObjectNode object) {
      String field = List.copyOf(object.properties()).get(at).getKey();
      if (random.nextInt(3) == 0) {
        object.remove(field);
      } else {
        object.set(field, other);
      }
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode() && !node.isEmpty()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }
}
