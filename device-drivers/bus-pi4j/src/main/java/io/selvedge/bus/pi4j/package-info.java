/** Pi4J on the buses of Selvedge: one context, as a service, for drivers written against Pi4J. */
@NullMarked
package io.selvedge.bus.pi4j;

import org.jspecify.annotations.NullMarked;
