/** Images of distant stores, kept on this host for the next download (Image API v2.14, "Cache management"). */
@NullMarked
package io.nephos.image.cache;

import org.jspecify.annotations.NullMarked;
