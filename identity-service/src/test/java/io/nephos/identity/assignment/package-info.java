@NullMarked
package io.nephos.identity.assignment;

import org.jspecify.annotations.NullMarked;
