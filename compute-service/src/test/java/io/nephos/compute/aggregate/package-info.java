@NullMarked
package io.nephos.compute.aggregate;

import org.jspecify.annotations.NullMarked;
