/** Networks. */
@NullMarked
package io.nephos.network.network;

import org.jspecify.annotations.NullMarked;
