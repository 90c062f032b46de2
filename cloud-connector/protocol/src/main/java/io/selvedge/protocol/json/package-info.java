/** JSON as both ends write and read it. */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.protocol.json;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
