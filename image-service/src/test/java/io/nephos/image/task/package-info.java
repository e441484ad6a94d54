@NullMarked
package io.nephos.image.task;

import org.jspecify.annotations.NullMarked;
