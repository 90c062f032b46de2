package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A group on the command line: {@code canary:1}, {@code tenth:10%}, {@code all:rest}, {@code
 * line:gw-1+gw-2}, followed by conditions: {@code canary:1,wait=1h,min_agreement=0.9}.
 *
 * @param json as the hub takes it
 */
record GroupOption(ObjectNode json) {

  private static final String RULE =
      "must be NAME:SHARE[,KEY=VALUE…], SHARE a number, a percentage, rest or ids joined by +, for"
          + " example canary:1,wait=1h,errors=0,min_agreement=0.9";

  /** Reads one. */
  static final class Converter implements ITypeConverter<GroupOption> {

    @Override
    public GroupOption convert(String text) {
      List<String> parts = List.of(text.split(",", -1));
      String[] first = parts.get(0).split(":", 2);
      if (first.length < 2 || first[0].isBlank() || first[1].isBlank()) {
        throw new TypeConversionException("group [" + text + "] " + RULE);
      }
      ObjectNode json = HubClient.JSON.createObjectNode().put("name", first[0]);
      share(json, first[1]);
      for (String condition : parts.subList(1, parts.size())) {
        String[] pair = condition.split("=", 2);
        if (pair.length < 2) {
          throw new TypeConversionException("group [" + text + "] " + RULE);
        }
        condition(json, pair[0], pair[1]);
      }
      return new GroupOption(json);
    }

    private static void share(ObjectNode json, String share) {
      if (share.equals("rest")) {
        json.put("rest", true);
      } else if (share.matches("\\d{1,9}")) {
        json.put("count", Integer.parseInt(share));
      } else if (share.matches("[0-9.]+%")) {
        json.put("percent", number("percent", share.substring(0, share.length() - 1)));
      } else {
        List.of(share.split("\\+")).forEach(json.putArray("gateways")::add);
      }
    }

    private static void condition(ObjectNode json, String key, String value) {
      switch (key) {
        case "wait" -> json.put("wait_seconds", Durations.seconds(value));
        case "timeout" -> json.put("timeout_seconds", Durations.seconds(value));
        case "errors" -> json.put("max_error_percent", number(key, value));
        case "success" -> json.put("min_success_percent", number(key, value));
        default -> {
          if (!key.startsWith("min_") && !key.startsWith("max_")) {
            throw new TypeConversionException(
                "condition ["
                    + key
                    + "] of a group must be wait, timeout, errors, success, or min_ or max_ and a"
                    + " figure of the trial");
          }
          json.withObject("/figures").put(key, number(key, value));
        }
      }
    }

    private static double number(String key, String value) {
      try {
        return Double.parseDouble(value.replace("%", ""));
      } catch (NumberFormatException e) {
        throw new TypeConversionException(key + " [" + value + "] must be a number");
      }
    }
  }
}
