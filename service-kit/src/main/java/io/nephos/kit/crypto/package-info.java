/** Cryptography that is done often enough to be worth the machine's own library. */
@NullMarked
package io.nephos.kit.crypto;

import org.jspecify.annotations.NullMarked;
