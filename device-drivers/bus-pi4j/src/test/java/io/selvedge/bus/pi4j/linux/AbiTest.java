package io.selvedge.bus.pi4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each number of {@link Abi} against the kernel's own headers, where a C compiler is installed. */
class AbiTest {

  private static final Map<String, String> IN_C = new LinkedHashMap<>();

  static {
    IN_C.put("GPIO_GET_CHIPINFO", "GPIO_GET_CHIPINFO_IOCTL");
    IN_C.put("GPIO_V2_GET_LINEINFO", "GPIO_V2_GET_LINEINFO_IOCTL");
    IN_C.put("GPIO_V2_GET_LINE", "GPIO_V2_GET_LINE_IOCTL");
    IN_C.put("GPIO_V2_LINE_SET_CONFIG", "GPIO_V2_LINE_SET_CONFIG_IOCTL");
    IN_C.put("GPIO_V2_LINE_GET_VALUES", "GPIO_V2_LINE_GET_VALUES_IOCTL");
    IN_C.put("GPIO_V2_LINE_SET_VALUES", "GPIO_V2_LINE_SET_VALUES_IOCTL");
    IN_C.put("CHIPINFO_SIZE", "sizeof(struct gpiochip_info)");
    IN_C.put("CHIPINFO_LABEL", "offsetof(struct gpiochip_info, label)");
    IN_C.put("CHIPINFO_LINES", "offsetof(struct gpiochip_info, lines)");
    IN_C.put("LINEINFO_SIZE", "sizeof(struct gpio_v2_line_info)");
    IN_C.put("LINEINFO_CONSUMER", "offsetof(struct gpio_v2_line_info, consumer)");
    IN_C.put("LINEINFO_OFFSET", "offsetof(struct gpio_v2_line_info, offset)");
    IN_C.put("LINEINFO_FLAGS", "offsetof(struct gpio_v2_line_info, flags)");
    IN_C.put("REQUEST_SIZE", "sizeof(struct gpio_v2_line_request)");
    IN_C.put("REQUEST_CONSUMER", "offsetof(struct gpio_v2_line_request, consumer)");
    IN_C.put("REQUEST_CONFIG", "offsetof(struct gpio_v2_line_request, config)");
    IN_C.put("REQUEST_NUM_LINES", "offsetof(struct gpio_v2_line_request, num_lines)");
    IN_C.put(
        "REQUEST_EVENT_BUFFER_SIZE", "offsetof(struct gpio_v2_line_request, event_buffer_size)");
    IN_C.put("REQUEST_FD", "offsetof(struct gpio_v2_line_request, fd)");
    IN_C.put("CONFIG_SIZE", "sizeof(struct gpio_v2_line_config)");
    IN_C.put("CONFIG_FLAGS", "offsetof(struct gpio_v2_line_config, flags)");
    IN_C.put("CONFIG_NUM_ATTRS", "offsetof(struct gpio_v2_line_config, num_attrs)");
    IN_C.put("CONFIG_ATTRS", "offsetof(struct gpio_v2_line_config, attrs)");
    IN_C.put("ATTR_SIZE", "sizeof(struct gpio_v2_line_config_attribute)");
    IN_C.put("ATTR_VALUE", "offsetof(struct gpio_v2_line_config_attribute, attr.values)");
    IN_C.put("ATTR_MASK", "offsetof(struct gpio_v2_line_config_attribute, mask)");
    IN_C.put("ATTR_ID_OUTPUT_VALUES", "GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES");
    IN_C.put("ATTR_ID_DEBOUNCE", "GPIO_V2_LINE_ATTR_ID_DEBOUNCE");
    IN_C.put("VALUES_SIZE", "sizeof(struct gpio_v2_line_values)");
    IN_C.put("VALUES_MASK", "offsetof(struct gpio_v2_line_values, mask)");
    IN_C.put("EVENT_SIZE", "sizeof(struct gpio_v2_line_event)");
    IN_C.put("EVENT_TIMESTAMP", "offsetof(struct gpio_v2_line_event, timestamp_ns)");
    IN_C.put("EVENT_ID", "offsetof(struct gpio_v2_line_event, id)");
    IN_C.put("EVENT_LINE_SEQNO", "offsetof(struct gpio_v2_line_event, line_seqno)");
    IN_C.put("EVENT_RISING", "GPIO_V2_LINE_EVENT_RISING_EDGE");
    for (String flag :
        List.of(
            "USED",
            "ACTIVE_LOW",
            "INPUT",
            "OUTPUT",
            "EDGE_RISING",
            "EDGE_FALLING",
            "OPEN_DRAIN",
            "OPEN_SOURCE",
            "BIAS_PULL_UP",
            "BIAS_PULL_DOWN",
            "BIAS_DISABLED")) {
      IN_C.put("FLAG_" + flag, "GPIO_V2_LINE_FLAG_" + flag);
    }
    IN_C.put("I2C_MSG_FLAGS", "offsetof(struct i2c_msg, flags)");
    IN_C.put("I2C_MSG_LEN", "offsetof(struct i2c_msg, len)");
    IN_C.put("I2C_MSG_BUF", "offsetof(struct i2c_msg, buf)");
    IN_C.put("SPI_IOC_MESSAGE_1", "SPI_IOC_MESSAGE(1)");
    IN_C.put("SPI_TRANSFER_SIZE", "sizeof(struct spi_ioc_transfer)");
    IN_C.put("SPI_TRANSFER_RX", "offsetof(struct spi_ioc_transfer, rx_buf)");
    IN_C.put("SPI_TRANSFER_LEN", "offsetof(struct spi_ioc_transfer, len)");
    IN_C.put("SPI_TRANSFER_SPEED", "offsetof(struct spi_ioc_transfer, speed_hz)");
    IN_C.put("SPI_TRANSFER_BITS", "offsetof(struct spi_ioc_transfer, bits_per_word)");
    IN_C.put("TERMIOS2_SIZE", "sizeof(struct termios2)");
    IN_C.put("TERMIOS2_OFLAG", "offsetof(struct termios2, c_oflag)");
    IN_C.put("TERMIOS2_CFLAG", "offsetof(struct termios2, c_cflag)");
    IN_C.put("TERMIOS2_LFLAG", "offsetof(struct termios2, c_lflag)");
    IN_C.put("TERMIOS2_CC", "offsetof(struct termios2, c_cc)");
    IN_C.put("TERMIOS2_ISPEED", "offsetof(struct termios2, c_ispeed)");
    IN_C.put("TERMIOS2_OSPEED", "offsetof(struct termios2, c_ospeed)");
    IN_C.put("POLLFD_SIZE", "sizeof(struct pollfd)");
    IN_C.put("POLLFD_EVENTS", "offsetof(struct pollfd, events)");
    IN_C.put("POLLFD_REVENTS", "offsetof(struct pollfd, revents)");
  }

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "gcc, gcc libc6-dev",
    "aarch64-linux-gnu-gcc, gcc-aarch64-linux-gnu libc6-dev-arm64-cross",
    "arm-linux-gnueabihf-gcc, gcc-arm-linux-gnueabihf libc6-dev-armhf-cross"
  })
  void agreesWithTheHeadersOfTheKernel(String compiler, String packages) throws Exception {
    String remedy = "compiler or headers are not there: apt-get install " + packages;
    assumeThat(find(compiler)).as(remedy).isPresent();
    Map<String, Long> constants = constants();

    String complaints = compile(compiler, constants);

    assumeThat(complaints).as(remedy).doesNotContain("No such file");
    assertThat(complaints).as("static assertions of the C program").isEqualTo("");
  }

  @Test
  void theTestItselfFindsAWrongNumber() throws Exception {
    assumeThat(find("gcc")).as("gcc is not installed").isPresent();
    Map<String, Long> constants = constants();
    constants.put("REQUEST_FD", 584L);

    assertThat(compile("gcc", constants)).contains("REQUEST_FD");
  }

  private static Map<String, Long> constants() throws IllegalAccessException {
    Map<String, Long> constants = new LinkedHashMap<>();
    for (Field field : Abi.class.getDeclaredFields()) {
      if (field.get(null) instanceof Number number) {
        constants.put(field.getName(), number.longValue());
      }
    }
    return constants;
  }

  /** What the compiler has to say against these numbers; empty where they are right. */
  private String compile(String compiler, Map<String, Long> constants) throws Exception {
    List<String> code = new ArrayList<>();
    for (String header :
        List.of(
            "stddef.h",
            "linux/types.h",
            "linux/fcntl.h",
            "asm/poll.h",
            "linux/gpio.h",
            "linux/i2c.h",
            "linux/i2c-dev.h",
            "linux/spi/spidev.h",
            "asm/termbits.h",
            "asm/ioctls.h")) {
      code.add("#include <" + header + ">");
    }
    constants.forEach(
        (name, value) ->
            code.add(
                String.format(
                    "_Static_assert((unsigned long)(%s) == %dUL, \"%s\");",
                    IN_C.getOrDefault(name, name), value, name)));
    code.add("_Static_assert(sizeof(struct i2c_msg) == 8 + sizeof(void *), \"i2c_msg\");");
    code.add("_Static_assert(sizeof(struct i2c_rdwr_ioctl_data) == 2 * sizeof(void *), \"rdwr\");");
    code.add(
        "_Static_assert(offsetof(struct i2c_rdwr_ioctl_data, nmsgs) == sizeof(void *), \"n\");");
    Path source = folder.resolve("abi.c");
    Files.write(source, code);
    Process process =
        new ProcessBuilder(
                compiler, "-fsyntax-only", "-D_GNU_SOURCE", "-std=gnu11", source.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue() == 0).as(output).isEqualTo(output.isEmpty());
    return output;
  }

  private static Optional<Path> find(String program) throws IOException {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path file = Path.of(folder, program);
      if (Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}
