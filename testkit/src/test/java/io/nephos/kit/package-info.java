/** The kit under test: a service of one noun, the widget, on the real PostgreSQL and Kafka. */
@NullMarked
package io.nephos.kit;

import org.jspecify.annotations.NullMarked;
