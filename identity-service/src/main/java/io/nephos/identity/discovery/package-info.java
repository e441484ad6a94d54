/** The version documents at / and /v3. */
@NullMarked
package io.nephos.identity.discovery;

import org.jspecify.annotations.NullMarked;
