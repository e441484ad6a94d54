package io.nephos.network.ovn;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One JSON-RPC 1.0 connection to an OVSDB server (RFC 7047 section 4): calls with answers, notifications, echo both ways.
 * It is of no more use once it failed.
 */
final class OvsdbConnection implements AutoCloseable {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(JsonGenerator.Feature.AUTO_CLOSE_TARGET, false);
    private static final Duration ECHO_EVERY = Duration.ofSeconds(5);

    private final Socket socket;
    private final OutputStream out;
    private final Map<Long, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final ReentrantLock writing = new ReentrantLock();
    private final Consumer<JsonNode> updates;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /**
     * @param address "tcp:host:port"
     * @param updates gets the parameters of each "update" notification, on the reading thread and in order
     */
    OvsdbConnection(String address, Duration timeout, Consumer<JsonNode> updates) throws IOException {
        String[] parts = address.split(":", -1);
        if (parts.length != 3 || !parts[0].equals("tcp")) {
            throw new IllegalArgumentException("Not an OVSDB address of the form tcp:host:port: " + address);
        }
        this.updates = updates;
        this.socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(parts[1], Integer.parseInt(parts[2])), (int) timeout.toMillis());
        this.out = new BufferedOutputStream(socket.getOutputStream());
        Thread.ofVirtual().name("ovsdb-read-" + parts[2]).start(this::read);
        Thread.ofVirtual().name("ovsdb-echo-" + parts[2]).start(this::keepAlive);
    }

    /** The call's result. OvsdbException when the server says no, is gone, or takes too long. */
    JsonNode call(String method, JsonNode parameters, Duration timeout) {
        return call(method, parameters, timeout, result -> {});
    }

    /** As above; {@code first} sees the result on the reading thread, before anything that the server sends after it. */
    JsonNode call(String method, JsonNode parameters, Duration timeout, Consumer<JsonNode> first) {
        long id = ids.incrementAndGet();
        CompletableFuture<JsonNode> reply = new CompletableFuture<>();
        CompletableFuture<JsonNode> answer = reply.thenApply(message -> {
            first.accept(message.path("result"));
            return message;
        });
        waiting.put(id, reply);
        ObjectNode call = JsonNodeFactory.instance.objectNode();
        call.put("method", method).put("id", id).set("params", parameters);
        try {
            send(call);
            JsonNode message = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            JsonNode error = message.path("error");
            if (!error.isNull() && !error.isMissingNode()) {
                throw new OvsdbException(method + " was refused: " + error);
            }
            return message.path("result");
        } catch (IOException | ExecutionException e) {
            close();
            throw new OvsdbException("The OVSDB server is away.", e);
        } catch (TimeoutException e) {
            close();
            throw new OvsdbException("The OVSDB server did not answer in " + timeout + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OvsdbException("Interrupted.", e);
        } finally {
            waiting.remove(id);
        }
    }

    boolean open() {
        return !closed.isDone();
    }

    void awaitClose() throws InterruptedException {
        try {
            closed.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed.complete(null);
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed either way.
        }
        waiting.values().forEach(answer -> answer.completeExceptionally(new IOException("The connection is closed.")));
    }

    private void read() {
        try (MappingIterator<JsonNode> messages = JSON.readerFor(JsonNode.class).readValues(socket.getInputStream())) {
            while (messages.hasNextValue()) {
                receive(messages.nextValue());
            }
        } catch (IOException | RuntimeException e) {
            // Whoever owns the connection makes a new one.
        } finally {
            close();
        }
    }

    private void receive(JsonNode message) throws IOException {
        JsonNode method = message.path("method");
        if (!method.isTextual()) {
            CompletableFuture<JsonNode> answer = waiting.get(message.path("id").asLong(-1));
            if (answer != null) {
                answer.complete(message);
            }
        } else if (method.textValue().equals("echo")) {
            ObjectNode reply = JsonNodeFactory.instance.objectNode();
            reply.set("id", message.path("id"));
            reply.set("result", message.path("params"));
            reply.putNull("error");
            send(reply);
        } else if (method.textValue().equals("update")) {
            updates.accept(message.path("params"));
        }
    }

    private void send(ObjectNode message) throws IOException {
        writing.lock();
        try {
            out.write(JSON.writeValueAsBytes(message));
            out.flush();
        } finally {
            writing.unlock();
        }
    }

    // A peer that is gone without a word is noticed.
    private void keepAlive() {
        ArrayNode nothing = JsonNodeFactory.instance.arrayNode();
        while (open()) {
            try {
                Thread.sleep(ECHO_EVERY);
                if (open()) {
                    call("echo", nothing, ECHO_EVERY);
                }
            } catch (InterruptedException | OvsdbException e) {
                close();
            }
        }
    }
}
