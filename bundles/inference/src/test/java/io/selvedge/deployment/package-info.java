/** Beside the deployment bundle's own package, to run it without a framework. */
@org.jspecify.annotations.NullMarked
package io.selvedge.deployment;
