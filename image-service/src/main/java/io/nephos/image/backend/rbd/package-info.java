/** Image bytes as block images of a Ceph pool, which volumes and disks clone from. */
@NullMarked
package io.nephos.image.backend.rbd;

import org.jspecify.annotations.NullMarked;
