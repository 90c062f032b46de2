/** What is connected to the virtual machine, and what a gateway must measure there. */
@NullMarked
package io.selvedge.hardware.chips;

import org.jspecify.annotations.NullMarked;
