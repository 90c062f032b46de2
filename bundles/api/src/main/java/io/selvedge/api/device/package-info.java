/** Devices, their channels, readings and commands: what the author of a driver sees. */
@Export
@Version("0.2.0")
@NullMarked
package io.selvedge.api.device;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
