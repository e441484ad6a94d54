/** Key pairs: OpenSSH public keys of users, imported or generated. */
@NullMarked
package io.nephos.compute.keypair;

import org.jspecify.annotations.NullMarked;
