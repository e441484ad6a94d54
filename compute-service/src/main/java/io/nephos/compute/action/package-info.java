/** The timeline of what was asked of a server and what came of it. */
@NullMarked
package io.nephos.compute.action;

import org.jspecify.annotations.NullMarked;
