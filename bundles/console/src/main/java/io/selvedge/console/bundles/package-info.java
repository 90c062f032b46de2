/** Bundles that an operator uploads in the Felix web console. */
@NullMarked
package io.selvedge.console.bundles;

import org.jspecify.annotations.NullMarked;
