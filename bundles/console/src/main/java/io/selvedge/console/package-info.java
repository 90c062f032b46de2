/** The web console and the REST interface of a gateway. */
@NullMarked
package io.selvedge.console;

import org.jspecify.annotations.NullMarked;
