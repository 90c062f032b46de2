package io.selvedge.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The one-time sign-in code, made by the console at its first start. */
final class SignIn {

  private SignIn() {}

  static String code(Instance instance) throws Problem {
    Path file = instance.data().resolve("auth/sign-in");
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw Problem.failed(
          "no sign-in code is waiting in [" + file + "]: start the gateway first (selvedge start)");
    }
  }
}
