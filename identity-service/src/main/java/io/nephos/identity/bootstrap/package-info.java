/** What a cloud has before anyone signs in for the first time. */
@NullMarked
package io.nephos.identity.bootstrap;

import org.jspecify.annotations.NullMarked;
