/** HC-SR04 distance sensor. */
@NullMarked
package io.selvedge.driver.hcsr04;

import org.jspecify.annotations.NullMarked;
