/** What each dependency is like now, told truthfully. */
@NullMarked
package io.nephos.kit.health;

import org.jspecify.annotations.NullMarked;
