/** Volumes as block images of a Ceph pool. */
@NullMarked
package io.nephos.block.rbd;

import org.jspecify.annotations.NullMarked;
