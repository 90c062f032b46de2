/** Relays, buttons, motion sensors and pulse counters on GPIO. */
@NullMarked
package io.selvedge.driver.gpio;

import org.jspecify.annotations.NullMarked;
