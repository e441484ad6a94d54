package io.nephos.contracts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.nephos.contracts.agent.v1.AgentOuterClass;
import io.nephos.contracts.block.v1.Attachments;
import io.nephos.contracts.common.v1.CallerOuterClass;
import io.nephos.contracts.common.v1.Rbd;
import io.nephos.contracts.compute.v1.ComputeOuterClass;
import io.nephos.contracts.events.v1.Events;
import io.nephos.contracts.identity.v1.IdentityOuterClass;
import io.nephos.contracts.image.v1.ImagesOuterClass;
import io.nephos.contracts.network.v1.PortsOuterClass;
import io.nephos.contracts.scheduler.v1.SchedulerOuterClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Yesterday's bytes still decode: of every message that was ever published, bytes with every field set lie in
 * {@code golden/}. New messages get theirs by {@code -Dgolden.add=true}; those that are there never change.
 */
class WireCompatibilityTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final List<FileDescriptor> FILES = List.of(
            CallerOuterClass.getDescriptor(),
            Rbd.getDescriptor(),
            AgentOuterClass.getDescriptor(),
            SchedulerOuterClass.getDescriptor(),
            PortsOuterClass.getDescriptor(),
            Attachments.getDescriptor(),
            ImagesOuterClass.getDescriptor(),
            IdentityOuterClass.getDescriptor(),
            ComputeOuterClass.getDescriptor(),
            Events.getDescriptor());

    @Test
    void bytesOfEveryMessageEverPublishedStillDecode() throws IOException {
        Map<String, Descriptor> messages = messages();
        try (var golden = Files.list(GOLDEN)) {
            for (Path file : golden.sorted().toList()) {
                String name = file.getFileName().toString().replace(".bin", "");
                assertTrue(messages.containsKey(name), name + " was published and is gone");
                byte[] yesterday = Files.readAllBytes(file);
                DynamicMessage today = DynamicMessage.parseFrom(messages.get(name), yesterday);
                assertTrue(hasNoUnknown(today), name + " lost a field that was published: " + today);
                assertArrayEquals(yesterday, bytes(today), name + " changed the number or type of a field");
            }
        }
    }

    @Test
    void everyMessageHasItsBytesKept() throws IOException {
        for (Map.Entry<String, Descriptor> message : messages().entrySet()) {
            Path file = GOLDEN.resolve(message.getKey() + ".bin");
            if (Boolean.getBoolean("golden.add") && !Files.exists(file)) {
                Files.createDirectories(GOLDEN);
                Files.write(file, bytes(filled(message.getValue(), 0)));
            }
            assertTrue(Files.exists(file), message.getKey() + " has no golden bytes; run with -Dgolden.add=true");
        }
    }

    private static Map<String, Descriptor> messages() {
        Map<String, Descriptor> all = new TreeMap<>();
        for (FileDescriptor file : FILES) {
            file.getMessageTypes().forEach(message -> all.put(message.getFullName(), message));
        }
        return all;
    }

    private static byte[] bytes(Message message) throws IOException {
        byte[] bytes = new byte[message.getSerializedSize()];
        var out = com.google.protobuf.CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        message.writeTo(out);
        return bytes;
    }

    private static boolean hasNoUnknown(Message message) {
        if (!message.getUnknownFields().equals(UnknownFieldSet.getDefaultInstance())) {
            return false;
        }
        return message.getAllFields().values().stream()
                .flatMap(value -> value instanceof List<?> list ? list.stream() : java.util.stream.Stream.of(value))
                .allMatch(value -> !(value instanceof Message inner) || hasNoUnknown(inner));
    }

    private static DynamicMessage filled(Descriptor type, int depth) throws InvalidProtocolBufferException {
        DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            if (field.isRepeated()) {
                builder.addRepeatedField(field, value(field, depth));
            } else {
                builder.setField(field, value(field, depth));
            }
        }
        return builder.build();
    }

    private static Object value(FieldDescriptor field, int depth) throws InvalidProtocolBufferException {
        return switch (field.getJavaType()) {
            case INT -> 40 + field.getNumber();
            case LONG -> 4_000_000_000L + field.getNumber();
            case FLOAT -> 0.5f + field.getNumber();
            case DOUBLE -> 0.25 + field.getNumber();
            case BOOLEAN -> true;
            case STRING -> "text-" + field.getNumber();
            case BYTE_STRING -> ByteString.copyFromUtf8("bytes-" + field.getNumber());
            case ENUM -> {
                EnumDescriptor type = field.getEnumType();
                yield type.getValues().getLast();
            }
            case MESSAGE ->
                depth > 4
                        ? DynamicMessage.getDefaultInstance(field.getMessageType())
                        : filled(field.getMessageType(), depth + 1);
        };
    }
}
