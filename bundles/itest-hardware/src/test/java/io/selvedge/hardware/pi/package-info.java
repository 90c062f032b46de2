@NullMarked
package io.selvedge.hardware.pi;

import org.jspecify.annotations.NullMarked;
