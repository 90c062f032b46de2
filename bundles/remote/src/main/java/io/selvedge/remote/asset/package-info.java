/** Devices and channels for Kapua: the application ASSET-V1. */
@NullMarked
package io.selvedge.remote.asset;

import org.jspecify.annotations.NullMarked;
