package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.sparkplug.payload.DataType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {

  private static final Instant NOW = Instant.parse("2015-02-02T14:19:00Z");

  private final List<String> problems = new ArrayList<>();

  @TempDir private Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void file() {
    file = directory.resolve("metrics");
  }

  private Names names(Duration later) {
    return new Names(file, Clock.fixed(NOW.plus(later), ZoneOffset.UTC), problems::add);
  }

  private static List<String> all(Names names) {
    List<String> all = new ArrayList<>();
    names.forEach((device, name, type) -> all.add(device + '|' + name + '|' + type));
    return all;
  }

  @Test
  void whatCameIsKnownAfterARestart() {
    Names names = names(Duration.ZERO);
    names.came("", "FLOW-V1/a b\n+%/index", DataType.DOUBLE);
    names.came("boiler", "t.mean", DataType.INT64);
    names.came("boiler", "t.mean", DataType.DOUBLE);
    names.keep();

    assertThat(all(names(Duration.ofDays(1))))
        .containsExactly("|FLOW-V1/a b\n+%/index|DOUBLE", "boiler|t.mean|DOUBLE");
    assertThat(problems).isEmpty();
  }

  @Test
  void theFileIsWrittenOnlyWhereSomethingIsNew() throws Exception {
    Names names = names(Duration.ZERO);
    names.came("boiler", "x", DataType.DOUBLE);
    names.keep();
    Files.delete(file);
    names.came("boiler", "x", DataType.DOUBLE);
    names.keep();

    assertThat(file).doesNotExist();
  }

  @Test
  void whatDidNotComeForThirtyDaysIsForgotten() {
    Names names = names(Duration.ZERO);
    names.came("boiler", "x", DataType.DOUBLE);
    names.keep();

    assertThat(all(names(Duration.ofDays(30)))).hasSize(1);
    Names later = names(Duration.ofDays(29));
    later.came("boiler", "x", DataType.DOUBLE);
    later.keep();
    assertThat(all(names(Duration.ofDays(59)))).hasSize(1);
    assertThat(all(names(Duration.ofDays(60)))).isEmpty();
  }

  @Test
  void linesThatAreNoneAreLeftOut() throws Exception {
    Names names = names(Duration.ZERO);
    names.came("boiler", "x", DataType.DOUBLE);
    names.keep();
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.addAll(List.of("", "boiler y", "boiler y 99 16468", "boiler y 10 today", "% %zz 10 1"));
    Files.write(file, lines);

    assertThat(all(names(Duration.ZERO))).containsExactly("boiler|x|DOUBLE");
    Files.writeString(file, "something else\nboiler x 10 16468\n");
    assertThat(all(names(Duration.ZERO))).isEmpty();
  }

  @Test
  void aFileThatCannotBeWrittenIsSaid() throws Exception {
    Names names = names(Duration.ZERO);
    Files.delete(directory);
    names.came("boiler", "x", DataType.DOUBLE);
    names.keep();

    assertThat(problems).singleElement().asString().contains("metrics are not kept");
  }
}
