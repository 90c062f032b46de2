package io.selvedge.bus.pi4j;

import com.pi4j.io.IO;
import com.pi4j.provider.Provider;
import io.selvedge.api.bus.Buses;

/**
 * What all providers share.
 *
 * @param buses the buses behind Pi4J
 * @param names which of them a number means
 * @param events where listeners are told
 * @param owners who made which input or output
 */
record Wiring(Buses buses, Names names, Events events, Owners owners) {

  /**
   * Takes what was made into Pi4J's registry, once it is known to work: Pi4J never frees the
   * address of one that fails while it is being registered.
   */
  <T extends IO<?, ?, ?>> T register(Provider<?, ?, ?> provider, T made, Failures.Call<?> proof) {
    try {
      Object unused = Failures.call(proof);
      var registry = provider.context().registry().add(made);
      owners.made(made, registry);
      return made;
    } catch (RuntimeException e) {
      var unused = made.shutdown(provider.context());
      throw e;
    }
  }
}
