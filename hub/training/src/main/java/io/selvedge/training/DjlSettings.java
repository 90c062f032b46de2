package io.selvedge.training;

/** Settings of DJL that must stand before its first class loads. */
final class DjlSettings {

  private static final String CACHE = "DJL_CACHE_DIR";
  private static final String NATIVES = "PYTORCH_LIBRARY_PATH";

  private DjlSettings() {}

  /**
   * Keeps DJL off the network and on one thread, and makes sure that it does not unpack its natives
   * into somebody's home.
   *
   * @throws TrainingException no folder for the natives is named ({@code training.no_cache})
   */
  static void prepare() throws TrainingException {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    if (setting(CACHE).isEmpty() && setting(NATIVES).isEmpty()) {
      throw new TrainingException(
          "training.no_cache",
          "environment variable ["
              + CACHE
              + "] is not set; it must name a folder that keeps PyTorch's natives (450 MB), which"
              + " are unpacked there once");
    }
  }

  private static String setting(String name) {
    String variable = System.getenv(name);
    return variable == null ? System.getProperty(name, "") : variable;
  }
}
