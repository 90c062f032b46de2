/** Artifacts that the hub sends and the parts that take them in. */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.api.deployment;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
