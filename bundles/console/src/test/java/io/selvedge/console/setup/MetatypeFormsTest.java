package io.selvedge.console.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.console.setup.Form.Kind;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.ObjectClassDefinition;

/** What drivers declare by annotations, as the metatype service hands it out. */
class MetatypeFormsTest {

  private record FakeAttribute(
      String id, int type, String @Nullable [] otherwise, double least, double most)
      implements AttributeDefinition {

    @Override
    public String getName() {
      return id.toUpperCase(Locale.ROOT);
    }

    @Override
    public String getID() {
      return id;
    }

    @Override
    public String getDescription() {
      return "in words";
    }

    @Override
    public int getCardinality() {
      return 0;
    }

    @Override
    public int getType() {
      return type;
    }

    @Override
    public String @Nullable [] getOptionValues() {
      return switch (id) {
        case "address" -> new String[] {"0x48", "0x49"};
        case "range.g" -> new String[] {"2", "4"};
        default -> null;
      };
    }

    @Override
    public String @Nullable [] getOptionLabels() {
      return switch (id) {
        case "address" -> new String[] {"GND", "V+"};
        case "range.g" -> new String[] {"2 g", "4 g"};
        default -> null;
      };
    }

    @Override
    public @Nullable String validate(String value) {
      if (type == AttributeDefinition.STRING) {
        return "";
      }
      String @Nullable [] options = getOptionValues();
      if (options != null && !List.of(options).contains(value)) {
        return "none of the options";
      }
      double number = Double.parseDouble(value);
      return number < least || number > most ? "beyond its limits" : "";
    }

    @Override
    public String @Nullable [] getDefaultValue() {
      return otherwise;
    }
  }

  private static FakeAttribute text(String id, String... otherwise) {
    return new FakeAttribute(
        id, AttributeDefinition.STRING, otherwise.length == 0 ? null : otherwise, 0, 0);
  }

  private static FakeAttribute number(String id, int type, String value, double min, double max) {
    return new FakeAttribute(id, type, new String[] {value}, min, max);
  }

  private static MetaTypeInformation bundle(Map<String, List<FakeAttribute>> factories) {
    return new MetaTypeInformation() {
      @Override
      public String[] getPids() {
        return new String[0];
      }

      @Override
      public String[] getFactoryPids() {
        return factories.keySet().toArray(new String[0]);
      }

      @Override
      public @Nullable Bundle getBundle() {
        return null;
      }

      @Override
      public String[] getLocales() {
        return new String[0];
      }

      @Override
      public ObjectClassDefinition getObjectClassDefinition(String pid, @Nullable String locale) {
        List<FakeAttribute> attributes = new ArrayList<>(factories.getOrDefault(pid, List.of()));
        return new ObjectClassDefinition() {
          @Override
          public String getName() {
            return "Thermometer";
          }

          @Override
          public String getID() {
            return pid;
          }

          @Override
          public @Nullable String getDescription() {
            return null;
          }

          @Override
          public AttributeDefinition[] getAttributeDefinitions(int filter) {
            return attributes.stream()
                .filter(a -> filter != REQUIRED || !a.id().startsWith("optional"))
                .toArray(AttributeDefinition[]::new);
          }

          @Override
          public @Nullable InputStream getIcon(int size) {
            return null;
          }
        };
      }
    };
  }

  @Test
  void makesAFormOfWhatADriverDeclares() {
    List<Form> forms =
        MetatypeForms.of(
            bundle(
                Map.of(
                    "driver",
                    List.of(
                        text("device.id"),
                        text("address", "0x48"),
                        number("bits", AttributeDefinition.INTEGER, "12", 9, 12),
                        number("shunt", AttributeDefinition.DOUBLE, "100", 0.1, 1e12),
                        number("offset", AttributeDefinition.INTEGER, "-3", -40, 1e12),
                        text("webconsole.configurationFactory.nameHint", "{x}")))));

    Form form = forms.get(0);
    assertThat(form.fields())
        .extracting(Form.Field::id)
        .containsExactly("device.id", "address", "bits", "shunt", "offset", "interval.ms");
    assertThat(form.field("device.id").orElseThrow().required()).isTrue();
    assertThat(form.field("address").orElseThrow().required()).isFalse();
    assertThat(form.field("address").orElseThrow().choices())
        .containsExactly(new Form.Choice("0x48", "GND"), new Form.Choice("0x49", "V+"));
    assertThat(form.field("bits").orElseThrow().type()).isEqualTo(Kind.WHOLE);
    assertThat(form.field("bits").orElseThrow().least()).contains("9");
    assertThat(form.field("bits").orElseThrow().most()).contains("12");
    assertThat(form.field("shunt").orElseThrow().least()).contains("0.1");
    assertThat(form.field("shunt").orElseThrow().most()).isEqualTo(Optional.empty());
    assertThat(form.field("offset").orElseThrow().least()).contains("-40");
  }

  @Test
  void asksForTheIntervalAlsoWhereADriverDeclaresNone() {
    Form without = MetatypeForms.of(bundle(Map.of("driver", List.of(text("device.id"))))).get(0);
    Form own =
        MetatypeForms.of(
                bundle(
                    Map.of(
                        "driver",
                        List.of(
                            text("device.id"),
                            number("interval.ms", AttributeDefinition.INTEGER, "50", 10, 1e12)))))
            .get(0);

    assertThat(without.field("interval.ms").orElseThrow().otherwise()).isEqualTo("1000");
    assertThat(own.fields()).hasSize(2);
    assertThat(own.field("interval.ms").orElseThrow().otherwise()).isEqualTo("50");
  }

  /** An annotation's default is never null: what must be given has an empty one. */
  @Test
  void whatHasAnEmptyDefaultMustBeGivenUnlessItIsDeclaredAsOptional() {
    List<FakeAttribute> attributes =
        List.of(text("device.id"), text("bus", ""), text("optional.user", ""), text("unit", "1"));
    Form form = MetatypeForms.of(bundle(Map.of("driver", attributes))).get(0);

    assertThat(form.fields())
        .filteredOn(Form.Field::required)
        .extracting(Form.Field::id)
        .containsExactly("device.id", "bus");
  }

  @Test
  void tellsTheUnitThatASettingsNameHas() {
    List<FakeAttribute> attributes =
        List.of(
            text("device.id"),
            text("name.ms", "a text has none"),
            number("baud", AttributeDefinition.INTEGER, "9600", 300, 1e12),
            number("shunt.milliohm", AttributeDefinition.DOUBLE, "100", 0.1, 1e12));
    Form form = MetatypeForms.of(bundle(Map.of("driver", attributes))).get(0);

    assertThat(form.fields()).extracting(Form.Field::unit).containsExactly("", "", "", "mΩ", "ms");
  }

  /** The service refuses what is no option, so that halving would find the default alone. */
  @Test
  void aNumberThatIsChosenHasNoLimitsBesideItsChoices() {
    List<FakeAttribute> attributes =
        List.of(
            text("device.id"), number("range.g", AttributeDefinition.INTEGER, "2", -1e12, 1e12));
    Form.Field range =
        MetatypeForms.of(bundle(Map.of("driver", attributes)))
            .get(0)
            .field("range.g")
            .orElseThrow();

    assertThat(range.least()).isEmpty();
    assertThat(range.most()).isEmpty();
    range.check("4");
    assertThatThrownBy(() -> range.check("3")).hasMessage("RANGE.G [3] must be one of [2, 4]");
  }

  @Test
  void aFactoryWithoutADevicesIdIsNoDriver() {
    assertThat(MetatypeForms.of(bundle(Map.of("other", List.of(text("name")))))).isEmpty();
  }
}
