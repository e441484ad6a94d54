@NullMarked
package io.nephos.identity.limit;

import org.jspecify.annotations.NullMarked;
