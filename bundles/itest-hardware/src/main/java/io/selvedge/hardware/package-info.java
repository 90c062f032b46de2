/** The shipped gateway on simulated hardware: {@code ./selvedge test-hardware}. */
@NullMarked
package io.selvedge.hardware;

import org.jspecify.annotations.NullMarked;
