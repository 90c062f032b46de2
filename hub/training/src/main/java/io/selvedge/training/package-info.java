/** Training as a process of its own: rows to features, DJL to weights, weights to ONNX, proof. */
@NullMarked
package io.selvedge.training;

import org.jspecify.annotations.NullMarked;
