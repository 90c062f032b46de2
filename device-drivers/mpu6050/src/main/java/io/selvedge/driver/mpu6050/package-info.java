/** MPU6050 motion and vibration sensor. */
@NullMarked
package io.selvedge.driver.mpu6050;

import org.jspecify.annotations.NullMarked;
