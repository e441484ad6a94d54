/** Exports over NBD by qemu-storage-daemon, told over QMP. */
@NullMarked
package io.nephos.block.qsd;

import org.jspecify.annotations.NullMarked;
