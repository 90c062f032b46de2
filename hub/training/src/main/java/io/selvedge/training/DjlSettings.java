package io.selvedge.training;

/** Settings of DJL that must stand before its first class loads. */
final class DjlSettings {

  private static final String CACHE = "DJL_CACHE_DIR";
  private static final String NATIVES = "PYTORCH_LIBRARY_PATH";

  private DjlSettings() {}

  /** Keeps DJL off the network, off stdout, off the home directory and on one thread. */
  static void apply() {
    // Where the logging back end is Logback, as beside the hub: stdout belongs to the progress.
    setDefault("logback.configurationFile", "io/selvedge/training/logback.xml");
    // JNA, with which DJL looks for a graphics card, unpacks into the home directory otherwise.
    setDefault("jna.tmpdir", setting(CACHE, System.getProperty("java.io.tmpdir")));
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
  }

  /**
   * Makes sure that DJL does not unpack its natives into somebody's home.
   *
   * @throws TrainingException no folder for them is named ({@code training.no_cache})
   */
  static void requireCache() throws TrainingException {
    if (setting(CACHE, "").isEmpty() && setting(NATIVES, "").isEmpty()) {
      throw new TrainingException(
          "training.no_cache",
          "environment variable ["
              + CACHE
              + "] is not set; it must name a folder that keeps PyTorch's natives (450 MB), which"
              + " are unpacked there once");
    }
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** As DJL looks it up: environment before system property. */
  private static String setting(String name, String otherwise) {
    String variable = System.getenv(name);
    return variable == null || variable.isEmpty() ? System.getProperty(name, otherwise) : variable;
  }
}
