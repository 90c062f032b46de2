/** Commands of the machine for Kapua: the application CMD-V1, off unless configured. */
@NullMarked
package io.selvedge.remote.command;

import org.jspecify.annotations.NullMarked;
