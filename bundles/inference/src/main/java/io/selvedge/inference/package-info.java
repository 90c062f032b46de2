/** The live models: checked before they decide, swapped without a gap. */
@NullMarked
package io.selvedge.inference;

import org.jspecify.annotations.NullMarked;
