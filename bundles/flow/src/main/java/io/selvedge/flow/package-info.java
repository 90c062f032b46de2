/** Declared pipelines: the engine, and where flows come from. */
@NullMarked
package io.selvedge.flow;

import org.jspecify.annotations.NullMarked;
