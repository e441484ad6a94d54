@NullMarked
package io.nephos.identity.group;

import org.jspecify.annotations.NullMarked;
