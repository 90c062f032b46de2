/** Bundles and deployment packages for Kapua: the application DEPLOY-V2. */
@NullMarked
package io.selvedge.remote.deploy;

import org.jspecify.annotations.NullMarked;
