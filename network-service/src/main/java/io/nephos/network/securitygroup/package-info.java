/** Security groups and their rules. */
@NullMarked
package io.nephos.network.securitygroup;

import org.jspecify.annotations.NullMarked;
