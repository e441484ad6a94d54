/** Files that survive a crash whole. */
@NullMarked
package io.nephos.agent.file;

import org.jspecify.annotations.NullMarked;
