@NullMarked
package io.nephos.rpc;

import org.jspecify.annotations.NullMarked;
