/** OpenStack's policy rules: syntax, defaults, the operator's overrides. */
@NullMarked
package io.nephos.kit.policy;

import org.jspecify.annotations.NullMarked;
