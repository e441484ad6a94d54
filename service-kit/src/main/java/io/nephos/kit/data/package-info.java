/** Transactions for blocking code on virtual threads over Hibernate Reactive. */
@NullMarked
package io.nephos.kit.data;

import org.jspecify.annotations.NullMarked;
