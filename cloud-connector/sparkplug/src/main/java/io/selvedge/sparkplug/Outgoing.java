package io.selvedge.sparkplug;

/**
 * A message that is ready to be published, at QoS 0 and not retained.
 *
 * @param topic where it goes
 * @param payload its bytes
 */
record Outgoing(String topic, byte[] payload) {}
