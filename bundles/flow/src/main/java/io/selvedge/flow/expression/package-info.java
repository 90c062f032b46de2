/** Expressions of flows: CEL, compiled when a flow is loaded. */
@NullMarked
package io.selvedge.flow.expression;

import org.jspecify.annotations.NullMarked;
