package io.selvedge.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the build of a source tree puts its programs. */
final class Layout {

  private Layout() {}

  static Path gatewayScript(Path source) {
    return built(source.resolve("distribution/gateway/target/selvedge-gateway/bin/selvedge"));
  }

  static Path hubScript(Path source) {
    return built(source.resolve("distribution/hub/target/selvedge-hub/bin/hub"));
  }

  /** Configuration as it is shipped with the gateway. */
  static Path shippedConfiguration(Path source) {
    return gatewayScript(source).resolveSibling("../config").normalize();
  }

  /** Large natives are unpacked here once, instead of in a user's home directory. */
  static Path nativeCache(Path source) {
    return source.resolve("target").resolve("native-cache");
  }

  private static Path built(Path program) {
    if (!Files.isExecutable(program)) {
      throw new UsageException(
          "program [" + program + "] is not built; run ./selvedge build, or mvn package");
    }
    return program;
  }
}
