/** The virtual machine: what it is made of, how it is started, how it is told what to do. */
@NullMarked
package io.selvedge.hardware.vm;

import org.jspecify.annotations.NullMarked;
