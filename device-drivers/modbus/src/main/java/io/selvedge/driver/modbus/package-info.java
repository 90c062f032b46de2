/** Modbus TCP and RTU: a driver whose registers are configured, and units for other drivers. */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.driver.modbus;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
