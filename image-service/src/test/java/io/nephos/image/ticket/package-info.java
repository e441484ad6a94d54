@NullMarked
package io.nephos.image.ticket;

import org.jspecify.annotations.NullMarked;
