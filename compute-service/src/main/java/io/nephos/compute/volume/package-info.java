/** Volumes attached to servers: compute's view of block-service's attachments. */
@NullMarked
package io.nephos.compute.volume;

import org.jspecify.annotations.NullMarked;
