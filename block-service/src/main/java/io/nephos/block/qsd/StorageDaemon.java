package io.nephos.block.qsd;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.block.backend.Exporter;
import io.nephos.block.file.FileBackend;
import io.nephos.kit.fault.Fault;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * qemu-storage-daemon, which a supervisor runs with its NBD server; here it is only told what to export. A volume has one
 * block node, an attachment one export on it. The connection is kept and made again: that is how a restart is noticed.
 */
@ApplicationScoped
public class StorageDaemon implements Exporter {
    private static final Logger LOG = Logger.getLogger(StorageDaemon.class);
    private static final Duration RECONNECT = Duration.ofMillis(500);
    private static final Pattern NODE = Pattern.compile("v[0-9a-z]{1,25}");
    private static final Duration GONE = Duration.ofSeconds(8);

    private final Path socket;
    private final FileBackend files;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Qmp connection;
    private volatile boolean stopping;

    @Inject
    StorageDaemon(@ConfigProperty(name = "nephos.block.qsd.socket") String socket, FileBackend files) {
        this.socket = Path.of(socket);
        this.files = files;
    }

    void start(@Observes @Priority(Integer.MAX_VALUE - 20) StartupEvent event) {
        Thread.ofVirtual().name("storage-daemon").start(this::keepConnected);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        Qmp open = connection;
        if (open != null) {
            open.close();
        }
    }

    private void keepConnected() {
        boolean told = false;
        while (!stopping) {
            try {
                Qmp open = Qmp.open(socket);
                connection = open;
                told = false;
                LOG.infof("Connected to the storage daemon at %s", socket);
                listeners.forEach(listener -> Thread.ofVirtual().start(listener));
                open.closed().join();
                connection = null;
                if (!stopping) {
                    LOG.warn("The storage daemon is gone; its exports are made again when it is back");
                }
            } catch (IOException e) {
                if (!told) {
                    LOG.warnf("The storage daemon does not answer at %s: %s", socket, e.getMessage());
                    told = true;
                }
            }
            sleep(RECONNECT);
        }
    }

    @Override
    public boolean available() {
        return connection != null;
    }

    @Override
    public void onReconnect(Runnable action) {
        listeners.add(action);
        if (available()) {
            Thread.ofVirtual().start(action);
        }
    }

    @Override
    public Set<String> exports() {
        return exclusively(qmp -> {
            Set<String> names = new HashSet<>();
            qmp.execute("query-block-exports", Map.of())
                    .forEach(export -> names.add(export.path("id").asText().substring(1)));
            return names;
        });
    }

    @Override
    public void export(Export export) {
        exclusively(qmp -> {
            Optional<JsonNode> there = find(qmp, export.name());
            if (there.isPresent()) {
                return true;
            }
            String node = node(export.volumeId());
            if (!nodes(qmp).contains(node)) {
                qmp.execute(
                        "blockdev-add",
                        Map.of(
                                "driver",
                                "qcow2",
                                "node-name",
                                node,
                                "discard",
                                "unmap",
                                "file",
                                Map.of(
                                        "driver", "file",
                                        "discard", "unmap",
                                        "filename",
                                                files.path(export.volumeId()).toString())));
            }
            qmp.execute(
                    "block-export-add",
                    Map.of(
                            "type",
                            "nbd",
                            "id",
                            id(export.name()),
                            "name",
                            export.name(),
                            "node-name",
                            node,
                            "writable",
                            !export.readOnly()));
            return true;
        });
    }

    @Override
    public void remove(String name) {
        exclusively(qmp -> {
            Optional<JsonNode> export = find(qmp, name);
            if (export.isPresent()) {
                qmp.execute("block-export-del", Map.of("id", id(name), "mode", "hard"));
                await("export " + name, () -> find(qmp, name).isEmpty());
            }
            prune(qmp, export.map(there -> there.path("node-name").asText()).orElse(""));
            return true;
        });
    }

    /** Closes the files that nothing exports; waits for that one, which others would find locked. */
    private static void prune(Qmp qmp, String awaited) throws IOException {
        Set<String> unused = nodes(qmp);
        for (JsonNode export : qmp.execute("query-block-exports", Map.of())) {
            if (!export.path("shutting-down").asBoolean()) {
                unused.remove(export.path("node-name").asText());
            }
        }
        for (String node : unused) {
            if (!close(qmp, node) && node.equals(awaited)) {
                // The connections of the export are cut off one by one, and hold the node until they are.
                await("node " + node, () -> close(qmp, node));
            }
        }
    }

    private static boolean close(Qmp qmp, String node) throws IOException {
        try {
            qmp.execute("blockdev-del", Map.of("node-name", node));
            return true;
        } catch (QmpError stillUsed) {
            return !nodes(qmp).contains(node);
        }
    }

    private static Optional<JsonNode> find(Qmp qmp, String name) throws IOException {
        for (JsonNode export : qmp.execute("query-block-exports", Map.of())) {
            if (export.path("id").asText().equals(id(name))
                    && !export.path("shutting-down").asBoolean()) {
                return Optional.of(export);
            }
        }
        return Optional.empty();
    }

    private static Set<String> nodes(Qmp qmp) throws IOException {
        Set<String> names = new HashSet<>();
        qmp.execute("query-named-block-nodes", Map.of("flat", true))
                .forEach(node -> names.add(node.path("node-name").asText()));
        names.removeIf(name -> !NODE.matcher(name).matches());
        return names;
    }

    // QEMU's ids begin with a letter.
    private static String id(String name) {
        return "x" + name;
    }

    // A node's name has at most 31 characters: a UUID to the base of 36 has 25.
    static String node(String volumeId) {
        return "v" + new BigInteger(volumeId.replace("-", ""), 16).toString(36);
    }

    private <T> T exclusively(Work<T> work) {
        lock.lock();
        try {
            Qmp qmp = connection;
            if (qmp == null) {
                throw Fault.unavailable("The storage daemon is not reachable.");
            }
            return work.with(qmp);
        } catch (IOException | QmpError e) {
            LOG.warnf("The storage daemon: %s", e.getMessage());
            throw Fault.unavailable("The storage daemon did not do what it was asked.");
        } finally {
            lock.unlock();
        }
    }

    private static void await(String what, Condition condition) throws IOException {
        long end = System.nanoTime() + GONE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IOException("The " + what + " does not go away");
            }
            sleep(Duration.ofMillis(20));
        }
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Work<T> {
        T with(Qmp qmp) throws IOException;
    }

    private interface Condition {
        boolean holds() throws IOException;
    }
}
