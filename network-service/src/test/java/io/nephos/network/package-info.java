@NullMarked
package io.nephos.network;

import org.jspecify.annotations.NullMarked;
