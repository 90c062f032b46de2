/** Keeps what is configured and the files in {@code conf/} the same. */
@NullMarked
package io.selvedge.configuration;

import org.jspecify.annotations.NullMarked;
