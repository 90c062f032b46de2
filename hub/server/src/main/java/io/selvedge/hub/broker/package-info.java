/** The embedded MQTT broker: who may connect, and what each gateway may publish and hear. */
@NullMarked
package io.selvedge.hub.broker;

import org.jspecify.annotations.NullMarked;
