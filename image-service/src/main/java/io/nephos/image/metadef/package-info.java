/** Metadata definitions: what properties of resources mean, by namespace (Image API v2, "Metadata definitions"). */
@NullMarked
package io.nephos.image.metadef;

import org.jspecify.annotations.NullMarked;
