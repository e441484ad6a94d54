/** Facts that have happened: the outbox to Kafka and those who listen. */
@NullMarked
package io.nephos.kit.event;

import org.jspecify.annotations.NullMarked;
