/** Calls, answers and routes, without a servlet container. */
@NullMarked
package io.selvedge.console.http;

import org.jspecify.annotations.NullMarked;
