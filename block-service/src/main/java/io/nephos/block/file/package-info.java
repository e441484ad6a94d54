/** The backend of files: qcow2 made by qemu-img, exported over NBD by qemu-storage-daemon. */
@NullMarked
package io.nephos.block.file;

import org.jspecify.annotations.NullMarked;
