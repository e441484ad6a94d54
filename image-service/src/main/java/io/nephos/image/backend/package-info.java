/** Where image bytes lie, behind one port. */
@NullMarked
package io.nephos.image.backend;

import org.jspecify.annotations.NullMarked;
