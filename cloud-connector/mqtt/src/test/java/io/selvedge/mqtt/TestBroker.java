package io.selvedge.mqtt;

/** A real broker that a test starts, stops and starts again at the same address. */
interface TestBroker {

  String USER = "gw-1";
  String PASSWORD = "correct";

  String uri();

  void start() throws Exception;

  /** Ends it; what it has acknowledged is on its disk. */
  void stop() throws Exception;
}
