package io.selvedge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ScriptTest {

  private static final Path SCRIPT = Path.of("../../selvedge"); // tests run in the module

  /** The script builds what is missing before a command, so it has to know them all. */
  @Test
  void theScriptKnowsEachCommand() throws Exception {
    String commands =
        Files.readAllLines(SCRIPT).stream()
            .filter(line -> line.strip().startsWith("demo |"))
            .findFirst()
            .orElseThrow();
    List<String> known = List.of(commands.replaceAll("\\).*", "").strip().split(" \\| "));
    Set<String> all = new TreeSet<>(new CommandLine(SelvedgeMain.class).getSubcommands().keySet());
    all.remove("help");
    assertThat(known).containsExactlyInAnyOrderElementsOf(all);
  }
}
