/** Brings up the inference engine, once a process. */
@NullMarked
package io.selvedge.ai.runtime;

import org.jspecify.annotations.NullMarked;
