/** Projects and domains as the other services know them: from identity's events, with what the gone ones have left behind. */
@NullMarked
package io.nephos.kit.tenant;

import org.jspecify.annotations.NullMarked;
