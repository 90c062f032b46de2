/** What is checked. */
@NullMarked
package io.selvedge.hardware.checks;

import org.jspecify.annotations.NullMarked;
