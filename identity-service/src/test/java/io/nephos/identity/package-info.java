@NullMarked
package io.nephos.identity;

import org.jspecify.annotations.NullMarked;
