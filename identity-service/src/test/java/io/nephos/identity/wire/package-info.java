@NullMarked
package io.nephos.identity.wire;

import org.jspecify.annotations.NullMarked;
