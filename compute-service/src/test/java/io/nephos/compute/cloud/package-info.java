/** The other processes of the cloud as compute sees them, in memory, with failing variants. */
@NullMarked
package io.nephos.compute.cloud;

import org.jspecify.annotations.NullMarked;
