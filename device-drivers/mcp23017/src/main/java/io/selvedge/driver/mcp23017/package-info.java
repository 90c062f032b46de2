/** MCP23017 input and output expander. */
@NullMarked
package io.selvedge.driver.mcp23017;

import org.jspecify.annotations.NullMarked;
