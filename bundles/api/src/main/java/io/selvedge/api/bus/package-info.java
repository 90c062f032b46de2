/** Access to the buses that devices hang on. */
@Export
@Version("0.2.0")
@NullMarked
package io.selvedge.api.bus;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
