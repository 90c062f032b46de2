/** Buses on the Linux kernel's own interfaces; Pi4J is not known here. */
@NullMarked
package io.selvedge.bus.pi4j.linux;

import org.jspecify.annotations.NullMarked;
