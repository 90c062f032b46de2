/** PCA9685 pulse width and servo controller. */
@NullMarked
package io.selvedge.driver.pca9685;

import org.jspecify.annotations.NullMarked;
