/** Root disks in a Ceph cluster. */
@NullMarked
package io.nephos.agent.ceph;

import org.jspecify.annotations.NullMarked;
