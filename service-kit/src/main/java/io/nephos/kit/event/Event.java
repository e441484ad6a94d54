package io.nephos.kit.event;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.List;
import java.util.UUID;

/**
 * A fact that has happened, as it lies in the outbox and on the topic.
 *
 * @param type the protobuf message's full name, the CloudEvents type
 * @param body the message as JSON
 * @param traceparent W3C trace context of what caused it; empty when there is none
 */
public record Event(UUID id, String topic, String key, String type, String body, String traceparent) {
    static Event ofRow(UUID id, String topic, String key, String type, String body, String traceparent) {
        return new Event(id, topic, key, type, body, traceparent);
    }

    public static Event of(String topic, String key, Message body) {
        try {
            return new Event(
                    UUID.randomUUID(),
                    topic,
                    key,
                    body.getDescriptorForType().getFullName(),
                    JsonFormat.printer().omittingInsignificantWhitespace().print(body),
                    traceparent(Span.current().getSpanContext()));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("The event cannot be written as JSON: " + body, e);
        }
    }

    /** An array of objects with the names of this record. */
    public static String json(List<Event> events) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        events.forEach(event -> array.addObject()
                .put("id", event.id().toString())
                .put("topic", event.topic())
                .put("key", event.key())
                .put("type", event.type())
                .put("body", event.body())
                .put("traceparent", event.traceparent()));
        return array.toString();
    }

    private static String traceparent(SpanContext span) {
        return span.isValid()
                ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                        + span.getTraceFlags().asHex()
                : "";
    }
}
