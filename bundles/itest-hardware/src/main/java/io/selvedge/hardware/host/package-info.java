/** The side of this machine: a broker, and what arrives there. */
@NullMarked
package io.selvedge.hardware.host;

import org.jspecify.annotations.NullMarked;
