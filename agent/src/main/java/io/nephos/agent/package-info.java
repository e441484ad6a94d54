/** The agent of one host: it makes the instances that compute asks for run here, and tells what it observes. */
@NullMarked
package io.nephos.agent;

import org.jspecify.annotations.NullMarked;
