@NullMarked
package io.selvedge.hardware.chips;

import org.jspecify.annotations.NullMarked;
