/** Makes an instance, starts the framework with its bundles, watches and ends it. Plain Java. */
@NullMarked
package io.selvedge.launcher;

import org.jspecify.annotations.NullMarked;
