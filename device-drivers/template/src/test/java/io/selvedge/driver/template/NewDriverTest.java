package io.selvedge.driver.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script new-driver: what it makes compiles, and its tests pass. */
class NewDriverTest {

  private static final Path SCRIPT = Path.of("../../new-driver").toAbsolutePath().normalize();

  @TempDir Path folder;

  private record Said(int exit, String text) {}

  private Said run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", SCRIPT.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Said(process.waitFor(), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"i2c", "gpio", "spi", "modbus", "poll"})
  void makesADriverWhoseTestsPass(String bus) throws Exception {
    Said said = run("demo-sensor", "--bus", bus, "--to", folder.toString());

    assertThat(said.exit()).as(said.text()).isZero();
    Path made = folder.resolve("demo-sensor");
    List<Path> sources = new ArrayList<>();
    int lines = 0;
    try (Stream<Path> files = Files.walk(made)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(java|xml)")).toList()) {
        assertThat(Files.readString(file))
            .as(file.toString())
            .doesNotContainIgnoringCase("templat");
        lines += Files.readAllLines(file).size();
        if (file.toString().endsWith(".java")) {
          sources.add(file);
        }
      }
    }
    assertThat(sources).as("with pom.xml five files").hasSize(4);
    assertThat(lines).as("lines of them; docs/drivers.md tells how many").isLessThan(150);
    assertThat(made.resolve("pom.xml"))
        .content()
        .contains("<artifactId>selvedge-driver-demo-sensor</artifactId>", "<relativePath/>")
        .matches(pom -> pom.contains("selvedge-driver-modbus") == bus.equals("modbus"), bus);
    assertThat(said.text())
        .as("what to do next, with the names that are")
        .contains(
            "change DemoSensorDriver.java",
            "(cd " + made + " && mvn verify)",
            made.resolve("target/selvedge-driver-demo-sensor-[0-9]*.jar").toString(),
            "Setup");
    assertThat(tests(compiled(sources))).as("tests that ran").isGreaterThan(8);
  }

  private Path compiled(List<Path> sources) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--release",
                "17",
                "-proc:none",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "-d",
                classes.toString()));
    sources.forEach(source -> arguments.add(source.toString()));
    assertThat(compiler.run(null, null, null, arguments.toArray(new String[0]))).isZero();
    return classes;
  }

  /** Runs the plain tests of the driver's own test class, contract and all. */
  private int tests(Path classes) throws Exception {
    int count = 0;
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
      Class<?> type = loader.loadClass("io.selvedge.driver.demosensor.DemoSensorDriverTest");
      for (Method test : methods(type, Test.class)) {
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object instance = constructor.newInstance();
        for (var field : type.getDeclaredFields()) {
          if (field.isAnnotationPresent(TempDir.class)) {
            field.setAccessible(true);
            field.set(instance, Files.createTempDirectory(folder, "test"));
          }
        }
        for (Method before : methods(type, BeforeEach.class)) {
          before.setAccessible(true);
          before.invoke(instance);
        }
        test.setAccessible(true);
        test.invoke(instance);
        count++;
      }
    }
    return count;
  }

  private static List<Method> methods(
      Class<?> type, Class<? extends java.lang.annotation.Annotation> annotation) {
    List<Method> all = new ArrayList<>();
    for (Class<?> one = type; one != null; one = one.getSuperclass()) {
      Stream.of(one.getDeclaredMethods())
          .filter(method -> method.isAnnotationPresent(annotation))
          .forEach(all::add);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"Demo", "demo_sensor", "-demo", "demo-", "9demo", "demo sensor"})
  void refusesANameThatIsNone(String name) throws Exception {
    Said said = run("--to", folder.toString(), "--bus", "i2c", name);

    assertThat(said.exit()).isEqualTo(2);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void saysWhatIsWrongAndHowToGoOn() throws Exception {
    assertThat(run("demo", "--bus", "can", "--to", folder.toString()).text())
        .contains("[can] must be i2c, gpio, spi, modbus or poll");
    assertThat(run("--help").text()).contains("1. change", "4. add a device");
    assertThat(run("demo", "--to", folder.toString()).exit()).isZero();
    assertThat(run("demo", "--to", folder.toString()).text()).contains("is there already");
  }
}
