/** Block images of a Ceph cluster. Only this package calls librbd and librados. */
@NullMarked
package io.nephos.rbd;

import org.jspecify.annotations.NullMarked;
