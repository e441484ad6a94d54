/** Images kept on this host, by digest, as backing files of root disks. */
@NullMarked
package io.nephos.agent.image;

import org.jspecify.annotations.NullMarked;
