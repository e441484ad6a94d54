@NullMarked
package io.nephos.image.metadef;

import org.jspecify.annotations.NullMarked;
