/** The project tree. */
@NullMarked
package io.nephos.identity.project;

import org.jspecify.annotations.NullMarked;
