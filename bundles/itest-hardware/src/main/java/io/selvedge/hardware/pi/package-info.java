/** The stage on a Raspberry Pi: its kernel drivers, and Pi4J's detection of the board. */
@NullMarked
package io.selvedge.hardware.pi;

import org.jspecify.annotations.NullMarked;
