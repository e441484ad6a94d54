/** What goes wrong, as data, and how a dialect says it. */
@NullMarked
package io.nephos.kit.fault;

import org.jspecify.annotations.NullMarked;
