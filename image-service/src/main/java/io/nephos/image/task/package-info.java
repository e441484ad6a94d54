/** Imports of image data, and the tasks that carry them out. */
@NullMarked
package io.nephos.image.task;

import org.jspecify.annotations.NullMarked;
