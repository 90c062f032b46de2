@NullMarked
package io.selvedge.hardware.checks;

import org.jspecify.annotations.NullMarked;
