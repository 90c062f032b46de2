package io.selvedge.remote.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The commands that may be run. */
final class AllowList {

  private static final String ONE = "*";
  private static final String REST = "**";

  private final List<List<String>> rules = new ArrayList<>();

  /**
   * Reads the rules.
   *
   * @throws IllegalArgumentException one of them names no whole path
   */
  AllowList(List<String> allow) {
    for (String one : allow) {
      List<String> rule = Arrays.asList(one.strip().split("\\s+"));
      if (!rule.get(0).startsWith("/") || rule.get(0).contains("..") || rule.get(0).contains("*")) {
        throw new IllegalArgumentException(
            "allow ["
                + one
                + "] of io.selvedge.remote.command must begin with the whole path of a program, for"
                + " example [/usr/bin/uptime]");
      }
      rules.add(rule);
    }
  }

  /**
   * The program and its arguments.
   *
   * @param program its whole path, or the last part of one that is allowed
   * @throws IllegalArgumentException it is not allowed
   */
  List<String> require(String program, List<String> arguments) {
    for (List<String> rule : rules) {
      String path = rule.get(0);
      boolean named = path.equals(program) || path.endsWith("/" + program);
      if (named && fits(rule.subList(1, rule.size()), arguments)) {
        List<String> command = new ArrayList<>(List.of(path));
        command.addAll(arguments);
        return command;
      }
    }
    throw new IllegalArgumentException(
        "command ["
            + program
            + "] with ["
            + arguments.size()
            + "] arguments is not allowed on this gateway; allowed are "
            + rules.stream().map(rule -> String.join(" ", rule)).toList()
            + " (allow of io.selvedge.remote.command; there is no shell)");
  }

  private static boolean fits(List<String> rule, List<String> arguments) {
    for (int i = 0; i < rule.size(); i++) {
      if (rule.get(i).equals(REST) && i == rule.size() - 1) {
        return true;
      }
      if (i >= arguments.size()
          || (!rule.get(i).equals(ONE) && !rule.get(i).equals(arguments.get(i)))) {
        return false;
      }
    }
    return rule.size() == arguments.size();
  }
}
