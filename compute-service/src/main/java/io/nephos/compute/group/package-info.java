/** Server groups: affinity and anti-affinity hints. */
@NullMarked
package io.nephos.compute.group;

import org.jspecify.annotations.NullMarked;
