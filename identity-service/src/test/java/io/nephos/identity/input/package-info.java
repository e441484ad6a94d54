@NullMarked
package io.nephos.identity.input;

import org.jspecify.annotations.NullMarked;
