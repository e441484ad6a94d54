package io.nephos.block.qsd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** One connection to a QEMU monitor on a unix socket (QMP): commands with their answers, matched by id; events are left out. */
final class Qmp implements Closeable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final ObjectMapper mapper = new ObjectMapper();
    private final SocketChannel channel;
    private final Map<Long, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final CompletableFuture<JsonNode> greeting = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private Qmp(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects and negotiates. An IOException when nobody answers, or another client is connected. */
    static Qmp open(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        Qmp qmp = new Qmp(channel);
        Thread.ofVirtual().name("qmp").start(qmp::read);
        try {
            qmp.await(qmp.greeting, "greeting");
            qmp.execute("qmp_capabilities", Map.of());
            return qmp;
        } catch (IOException | QmpError e) {
            qmp.close();
            throw new IOException("The monitor does not answer: " + e.getMessage(), e);
        }
    }

    /** Completes when the connection has ended. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    /** The "return" of the answer. {@link QmpError} when the daemon refuses; IOException when it is gone. */
    JsonNode execute(String command, Map<String, ?> arguments) throws IOException {
        long id = ids.incrementAndGet();
        ObjectNode request = mapper.createObjectNode().put("execute", command).put("id", id);
        request.set("arguments", mapper.valueToTree(arguments));
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        try {
            write(mapper.writeValueAsString(request) + "\n");
            if (closed.isDone()) {
                throw new IOException("The connection to the monitor has ended.");
            }
            JsonNode response = await(answer, command);
            JsonNode error = response.get("error");
            if (error != null) {
                throw new QmpError(
                        error.path("class").asText(), error.path("desc").asText());
            }
            return response.path("return");
        } finally {
            waiting.remove(id);
        }
    }

    private synchronized void write(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private JsonNode await(CompletableFuture<JsonNode> answer, String what) throws IOException {
        try {
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            close(); // an answer that comes late would be taken for another's
            throw new IOException("No answer to " + what + " in " + TIMEOUT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException("The connection to the monitor has ended.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode message = mapper.readTree(line);
                if (message.has("QMP")) {
                    greeting.complete(message);
                } else if (message.has("id")) {
                    CompletableFuture<JsonNode> answer =
                            waiting.get(message.get("id").asLong());
                    if (answer != null) {
                        answer.complete(message);
                    }
                }
            }
        } catch (IOException e) {
            // as when it ends: whoever waits is told below
        } finally {
            closed.complete(null);
            IOException ended = new IOException("The connection to the monitor has ended.");
            greeting.completeExceptionally(ended);
            waiting.values().forEach(answer -> answer.completeExceptionally(ended));
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // it is closed
        }
    }
}
