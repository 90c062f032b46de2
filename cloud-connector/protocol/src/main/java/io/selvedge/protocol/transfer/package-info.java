/** Files in blocks: how they are cut, listed, asked for and sent. Used by both ends. */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.protocol.transfer;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
