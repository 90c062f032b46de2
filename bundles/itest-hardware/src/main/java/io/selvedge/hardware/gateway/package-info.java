/** The gateway in the virtual machine. */
@NullMarked
package io.selvedge.hardware.gateway;

import org.jspecify.annotations.NullMarked;
