/** The device loop, commands, events and the health of the gateway's core. */
@NullMarked
package io.selvedge.core;

import org.jspecify.annotations.NullMarked;
