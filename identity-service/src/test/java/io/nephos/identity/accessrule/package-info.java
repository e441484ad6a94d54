@NullMarked
package io.nephos.identity.accessrule;

import org.jspecify.annotations.NullMarked;
