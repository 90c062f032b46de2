/** A contact on a line of a GPIO chip. */
@NullMarked
package io.selvedge.driver.template.gpio;

import org.jspecify.annotations.NullMarked;
