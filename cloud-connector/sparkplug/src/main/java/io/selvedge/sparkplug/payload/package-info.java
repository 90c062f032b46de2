/** Payloads of Sparkplug B as values, and the codec for them. */
@NullMarked
package io.selvedge.sparkplug.payload;

import org.jspecify.annotations.NullMarked;
