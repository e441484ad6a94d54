@NullMarked
package io.nephos.agent;

import org.jspecify.annotations.NullMarked;
