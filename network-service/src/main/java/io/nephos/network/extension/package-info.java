/** The API extensions that are true here. */
@NullMarked
package io.nephos.network.extension;

import org.jspecify.annotations.NullMarked;
