package io.nephos.image.backend.rbd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nephos.image.backend.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * One pool of a Ceph cluster, connected to when it is first needed. What librbd does not do is one of the exceptions of
 * {@link Backend}, or NoSuchFileException. Its calls run on a few threads of their own: a cluster that does not answer
 * holds those, and nothing else.
 */
final class RbdPool {
    /** What a snapshot is called that readers and clones see; the name that Glance gives it. */
    static final String SNAPSHOT = "snap";

    private static final int THREADS = 8;
    /** Layering, exclusive lock, object map, fast diff, deep flatten: what Ceph gives an image by default. */
    private static final long FEATURES = 1 | 4 | 8 | 16 | 32;

    private static final int NOT_THERE = -2;
    private static final int IN_USE = -16;
    private static final int NO_SPACE = -28;
    private static final int TOO_SMALL = -34;
    private static final int QUOTA = -122;
    private static final int FSID_LENGTH = 37;

    private final String store;
    private final String configuration;
    private final String user;
    private final String name;
    private final int timeout;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("rbd-", 0).factory());
    private @Nullable Connection connection;

    private record Connection(MemorySegment pool, String fsid) {}

    /** What speaks to librbd, on a thread that may wait for it. */
    interface Call<T> {
        T run(MemorySegment pool, Arena arena) throws IOException;
    }

    RbdPool(String store, String configuration, String user, String name, int timeout) {
        this.store = store;
        this.configuration = configuration;
        this.user = user;
        this.name = name;
        this.timeout = timeout;
    }

    String store() {
        return store;
    }

    String name() {
        return name;
    }

    String user() {
        return user;
    }

    String fsid() throws IOException {
        return onThread(() -> connected().fsid());
    }

    <T> T call(Call<T> call) throws IOException {
        return onThread(() -> {
            try (Arena arena = Arena.ofConfined()) {
                return call.run(connected().pool(), arena);
            }
        });
    }

    /** An image to write to, of that size. */
    MemorySegment create(String image, long size) throws IOException {
        return call((pool, arena) -> {
            MemorySegment named = arena.allocateFrom(image);
            checked("create", Librbd.createImage(pool, named, size, FEATURES, arena.allocateFrom(JAVA_INT, 0)));
            MemorySegment opened = arena.allocate(ADDRESS);
            checked("open", Librbd.open(pool, named, opened, MemorySegment.NULL));
            return opened.get(ADDRESS, 0);
        });
    }

    /** The snapshot of an image. */
    MemorySegment openToRead(String image) throws IOException {
        return call((pool, arena) -> {
            MemorySegment opened = arena.allocate(ADDRESS);
            checked("open", Librbd.openToRead(pool, arena.allocateFrom(image), opened, arena.allocateFrom(SNAPSHOT)));
            return opened.get(ADDRESS, 0);
        });
    }

    long size(MemorySegment image) throws IOException {
        return call((pool, arena) -> {
            MemorySegment size = arena.allocate(JAVA_LONG);
            checked("size", Librbd.size(image, size));
            return size.get(JAVA_LONG, 0);
        });
    }

    void close(MemorySegment image) throws IOException {
        call((pool, arena) -> Librbd.close(image));
    }

    List<String> images() throws IOException {
        return call((pool, arena) -> {
            MemorySegment size = arena.allocateFrom(JAVA_LONG, 1 << 16);
            MemorySegment names = arena.allocate(1 << 16);
            int answer = Librbd.list(pool, names, size);
            while (answer == TOO_SMALL) {
                names = arena.allocate(size.get(JAVA_LONG, 0));
                answer = Librbd.list(pool, names, size);
            }
            checked("list", answer);
            List<String> found = new ArrayList<>();
            for (long at = 0; at < answer; ) {
                String image = names.getString(at);
                at += image.getBytes(StandardCharsets.UTF_8).length + 1;
                if (!image.isEmpty()) {
                    found.add(image);
                }
            }
            return found;
        });
    }

    /** What the call answered, unless that says that it failed. */
    int checked(String what, int answer) throws IOException {
        if (answer >= 0) {
            return answer;
        }
        IOException failure = new IOException("rbd " + what + " failed with errno " + -answer);
        throw switch (answer) {
            case NOT_THERE -> new NoSuchFileException(failure.getMessage());
            case IN_USE ->
                new IOException("It is in use: something is cloned from it, or it is open elsewhere.", failure);
            case NO_SPACE, QUOTA -> new Backend.StorageFullException(store, failure);
            default -> new Backend.UnreachableException(store, failure);
        };
    }

    private synchronized Connection connected() throws IOException {
        Connection known = connection;
        if (known != null) {
            return known;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(ADDRESS);
            checked("create", Librbd.create(made, arena.allocateFrom(user)));
            Connection opened = connect(arena, made.get(ADDRESS, 0));
            connection = opened;
            return opened;
        } catch (UnsatisfiedLinkError
                | IllegalArgumentException
                | ExceptionInInitializerError
                | NoClassDefFoundError e) {
            throw new Backend.UnreachableException(store, new IOException("librbd is not installed here", e));
        } catch (NoSuchFileException e) {
            throw new Backend.UnreachableException(store, e);
        }
    }

    private Connection connect(Arena arena, MemorySegment cluster) throws IOException {
        boolean connected = false;
        try {
            checked("configuration", Librbd.readConfiguration(cluster, arena.allocateFrom(configuration)));
            for (String option : List.of("client_mount_timeout", "rados_mon_op_timeout", "rados_osd_op_timeout")) {
                checked(
                        option,
                        Librbd.configure(
                                cluster, arena.allocateFrom(option), arena.allocateFrom(Integer.toString(timeout))));
            }
            checked("connect", Librbd.connect(cluster));
            MemorySegment fsid = arena.allocate(FSID_LENGTH);
            checked("fsid", Librbd.fsid(cluster, fsid));
            MemorySegment pool = arena.allocate(ADDRESS);
            checked("pool", Librbd.openPool(cluster, arena.allocateFrom(name), pool));
            connected = true;
            return new Connection(pool.get(ADDRESS, 0), fsid.getString(0));
        } finally {
            if (!connected) {
                Librbd.shutDown(cluster);
            }
        }
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T onThread(Work<T> work) throws IOException {
        try {
            return CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return work.run();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            },
                            threads)
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw e;
        }
    }
}
