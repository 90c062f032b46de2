package io.selvedge.cli.fleet;

/** Exit codes for scripts. Stable. */
final class ExitCodes {

  static final int DONE = 0;

  /** The hub refused, or the rollout is paused because too much failed. */
  static final int FAILED = 1;

  static final int USAGE = 2;

  /** The rollout was aborted. */
  static final int ABORTED = 3;

  /** No hub answers there, or it does not take the token. */
  static final int UNREACHABLE = 4;

  /** Time is up before it ended. */
  static final int TIMEOUT = 5;

  private ExitCodes() {}
}
