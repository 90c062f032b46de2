package io.selvedge.console.setup;

import io.selvedge.console.setup.Form.Choice;
import io.selvedge.console.setup.Form.Field;
import io.selvedge.console.setup.Form.Kind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.ObjectClassDefinition;

/** Forms from what drivers declare by the metatype annotations. */
final class MetatypeForms {

  private static final String NAME_HINT = "webconsole.configurationFactory.nameHint";

  /** The runtime's own setting, which a driver need not declare. */
  private static final Field INTERVAL =
      new Field(
          "interval.ms",
          "Interval",
          "Between two reads, milliseconds",
          Kind.WHOLE,
          false,
          "1000",
          Optional.of("1"),
          Optional.empty(),
          List.of());

  /** Limits of decimals are told to a thousandth. */
  private static final BigDecimal DECIMAL_STEP = new BigDecimal("0.001");

  private MetatypeForms() {}

  /** The forms of one bundle: those of factories whose configurations have a device's id. */
  static List<Form> of(MetaTypeInformation bundle) {
    List<Form> forms = new ArrayList<>();
    String @Nullable [] pids = bundle.getFactoryPids();
    for (String pid : pids == null ? new String[0] : pids) {
      Form form = form(pid, bundle.getObjectClassDefinition(pid, null));
      if (form.field(Form.DEVICE_ID).isPresent()) {
        forms.add(form);
      }
    }
    return forms;
  }

  private static Form form(String pid, ObjectClassDefinition declared) {
    AttributeDefinition[] required =
        declared.getAttributeDefinitions(ObjectClassDefinition.REQUIRED);
    Set<String> must = new HashSet<>();
    for (AttributeDefinition attribute : required == null ? new AttributeDefinition[0] : required) {
      must.add(attribute.getID());
    }
    List<Field> fields = new ArrayList<>();
    AttributeDefinition[] all = declared.getAttributeDefinitions(ObjectClassDefinition.ALL);
    for (AttributeDefinition attribute : all == null ? new AttributeDefinition[0] : all) {
      if (!attribute.getID().equals(NAME_HINT)) {
        fields.add(field(attribute, must.contains(attribute.getID())));
      }
    }
    if (fields.stream().noneMatch(field -> field.id().equals(INTERVAL.id()))) {
      fields.add(INTERVAL);
    }
    return new Form(pid, declared.getName(), orEmpty(declared.getDescription()), fields);
  }

  private static Field field(AttributeDefinition attribute, boolean required) {
    String @Nullable [] defaults = attribute.getDefaultValue();
    String otherwise = defaults == null || defaults.length == 0 ? "" : defaults[0];
    List<Choice> choices = new ArrayList<>();
    String @Nullable [] values = attribute.getOptionValues();
    String @Nullable [] labels = attribute.getOptionLabels();
    for (int i = 0; values != null && i < values.length; i++) {
      choices.add(new Choice(values[i], labels == null ? values[i] : labels[i]));
    }
    boolean any = choices.isEmpty(); // a number to be chosen has no limits beside
    return new Field(
        attribute.getID(),
        attribute.getName(),
        orEmpty(attribute.getDescription()),
        type(attribute.getType()),
        // the annotations mark all as required unless told otherwise; what has a default is not
        required && otherwise.isEmpty(),
        otherwise,
        any ? limit(attribute, true) : Optional.empty(),
        any ? limit(attribute, false) : Optional.empty(),
        choices);
  }

  private static Kind type(int declared) {
    return switch (declared) {
      case AttributeDefinition.BOOLEAN -> Kind.FLAG;
      case AttributeDefinition.PASSWORD -> Kind.SECRET;
      case AttributeDefinition.DOUBLE, AttributeDefinition.FLOAT -> Kind.DECIMAL;
      case AttributeDefinition.INTEGER,
          AttributeDefinition.LONG,
          AttributeDefinition.SHORT,
          AttributeDefinition.BYTE ->
          Kind.WHOLE;
      default -> Kind.TEXT;
    };
  }

  /**
   * The service tells no limits, only whether a value keeps them; the smallest and largest values
   * that pass are found by halving, so that a page can name them.
   */
  private static Optional<String> limit(AttributeDefinition attribute, boolean least) {
    if (type(attribute.getType()) != Kind.WHOLE && type(attribute.getType()) != Kind.DECIMAL) {
      return Optional.empty();
    }
    String @Nullable [] defaults = attribute.getDefaultValue();
    if (defaults == null || defaults.length == 0 || !passes(attribute, defaults[0])) {
      return Optional.empty();
    }
    boolean whole = type(attribute.getType()) == Kind.WHOLE;
    BigDecimal good = new BigDecimal(defaults[0]);
    BigDecimal bad = new BigDecimal(least ? Integer.MIN_VALUE : Integer.MAX_VALUE);
    BigDecimal step = whole ? BigDecimal.ONE : DECIMAL_STEP;
    if (passes(attribute, bad.toPlainString())) {
      return Optional.empty();
    }
    while (good.subtract(bad).abs().compareTo(step) > 0) {
      BigDecimal middle =
          good.add(bad).divide(BigDecimal.valueOf(2), step.scale(), RoundingMode.DOWN);
      if (passes(attribute, middle.toPlainString())) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return Optional.of(good.stripTrailingZeros().toPlainString());
  }

  private static boolean passes(AttributeDefinition attribute, String value) {
    String said = attribute.validate(value);
    return said == null || said.isEmpty();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
