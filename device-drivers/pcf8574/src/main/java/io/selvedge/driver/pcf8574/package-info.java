/** PCF8574 input and output expander. */
@NullMarked
package io.selvedge.driver.pcf8574;

import org.jspecify.annotations.NullMarked;
