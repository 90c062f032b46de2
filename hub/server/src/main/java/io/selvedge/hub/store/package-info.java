/** The database and the content-addressed files. */
@NullMarked
package io.selvedge.hub.store;

import org.jspecify.annotations.NullMarked;
