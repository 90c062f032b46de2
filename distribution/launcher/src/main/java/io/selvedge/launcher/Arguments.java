package io.selvedge.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The command line, as {@code bin/selvedge} hands it on.
 *
 * @param command what to do
 * @param home where the programs are
 * @param instance the instance's directory, absolute and without symbolic links
 * @param port given port, instead of the one in the settings
 */
record Arguments(String command, Path home, Path instance, OptionalInt port) {

  /** The system property {@code selvedge.home} says where the programs are. */
  static Arguments parse(String[] args) throws Problem {
    String instance = System.getProperty("selvedge.instance", "");
    OptionalInt port = OptionalInt.empty();
    String command = "";
    for (int i = 0; i < args.length; i++) {
      String arg = args[i];
      switch (arg) {
        case "--instance" -> instance = value(args, ++i, arg);
        case "--port" ->
            port = OptionalInt.of(Settings.port(value(args, ++i, arg), "option [--port]"));
        default -> {
          if (arg.startsWith("-") || !command.isEmpty()) {
            throw Problem.badInput("[" + arg + "] is not an option here; see selvedge --help");
          }
          command = arg;
        }
      }
    }
    if (instance.isEmpty()) {
      throw Problem.badInput(
          "no instance is given and the environment has no HOME; give one with --instance DIR");
    }
    return new Arguments(
        command,
        Path.of(System.getProperty("selvedge.home", ".")).toAbsolutePath().normalize(),
        real(Path.of(instance)),
        port);
  }

  /**
   * Without symbolic links as far as it exists: files are known by their names in many places, and
   * each must have one only.
   */
  private static Path real(Path path) throws Problem {
    Path absolute = path.toAbsolutePath();
    Path there = absolute;
    while (there.getParent() != null && Files.notExists(there)) {
      there = there.getParent();
    }
    try {
      return there.toRealPath().resolve(there.relativize(absolute)).normalize();
    } catch (IOException e) {
      throw Problem.badInput(
          "instance [" + path + "] cannot be reached: " + e + "; give another with --instance DIR");
    }
  }

  private static String value(String[] args, int index, String option) throws Problem {
    if (index >= args.length || args[index].isEmpty()) {
      throw Problem.badInput("option [" + option + "] needs a value; see selvedge --help");
    }
    return args[index];
  }
}
