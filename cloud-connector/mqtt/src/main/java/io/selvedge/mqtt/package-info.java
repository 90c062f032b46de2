/** The way to the hub over MQTT 3.1.1. */
@NullMarked
package io.selvedge.mqtt;

import org.jspecify.annotations.NullMarked;
