@NullMarked
package io.nephos.identity.domainconfig;

import org.jspecify.annotations.NullMarked;
