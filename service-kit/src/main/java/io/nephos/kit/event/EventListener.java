package io.nephos.kit.event;

import com.google.protobuf.Message;

/**
 * Hears the events of one topic. Beans of it are found by {@link EventConsumer}; each event reaches one replica of the
 * service at least once, in order for each key, so handling must be idempotent. A throw means: again later.
 *
 * @param <T> the message of the topic
 */
public interface EventListener<T extends Message> {
    String topic();

    /** An empty message of the type, {@code ServerEvent.getDefaultInstance()}. */
    T prototype();

    void on(String key, T event);
}
