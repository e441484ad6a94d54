package io.nephos.rbd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * One pool of a Ceph cluster, connected to when it is first needed. What is not done is an {@link RbdFault}. Its calls run on
 * a few threads of their own: a cluster that does not answer holds those, and nothing else.
 */
public final class RbdPool {
    private static final int THREADS = 8;
    private static final Duration RETRY = Duration.ofSeconds(5);
    /** Layering, exclusive lock, object map, fast diff, deep flatten: what Ceph gives an image by default. */
    private static final long FEATURES = 1 | 4 | 8 | 16 | 32;

    private static final int TOO_SMALL = -34;
    private static final int FSID_LENGTH = 37;

    private final RbdSettings settings;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("rbd-", 0).factory());
    private @Nullable Connection connection;
    private @Nullable Refusal refusal;

    /** Whoever asks soon again need not wait once more for a cluster that is away. */
    private record Refusal(String reason, Instant until) {}

    record Connection(MemorySegment cluster, MemorySegment pool, String fsid) {}

    /** In bytes. */
    public record Capacity(long total, long free) {}

    /** What speaks to librbd, on a thread that may wait for it. */
    interface Call<T> {
        T run(Connection connection, Arena arena) throws IOException;
    }

    public RbdPool(RbdSettings settings) {
        this.settings = settings;
    }

    public String name() {
        return settings.pool();
    }

    public String user() {
        return settings.user();
    }

    /** The cluster's identity. */
    public String fsid() throws IOException {
        return call((connection, arena) -> connection.fsid());
    }

    public Capacity capacity() throws IOException {
        return call((connection, arena) -> {
            MemorySegment figures = arena.allocate(JAVA_LONG, 4);
            checked("cluster stat", Librbd.stat(connection.cluster(), figures));
            return new Capacity(figures.getAtIndex(JAVA_LONG, 0) << 10, figures.getAtIndex(JAVA_LONG, 2) << 10);
        });
    }

    public List<String> images() throws IOException {
        return call((connection, arena) -> {
            MemorySegment size = arena.allocateFrom(JAVA_LONG, 1 << 16);
            MemorySegment names = arena.allocate(1 << 16);
            int answer = Librbd.list(connection.pool(), names, size);
            while (answer == TOO_SMALL) {
                names = arena.allocate(size.get(JAVA_LONG, 0));
                answer = Librbd.list(connection.pool(), names, size);
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

    public boolean has(String image) throws IOException {
        Optional<RbdImage> found = find(image);
        if (found.isPresent()) {
            found.get().close();
        }
        return found.isPresent();
    }

    /** To be written to, of that size in bytes. */
    public RbdImage create(String image, long size) throws IOException {
        call((connection, arena) -> checked(
                "create",
                Librbd.createImage(
                        connection.pool(),
                        arena.allocateFrom(image),
                        size,
                        FEATURES,
                        arena.allocateFrom(JAVA_INT, 0))));
        return open(image);
    }

    /** Copy-on-write; the snapshot may be in another pool of the cluster, and cannot go while the clone is there. */
    public void clone(RbdSnapshot from, String image) throws IOException {
        call((connection, arena) -> {
            MemorySegment made = arena.allocate(ADDRESS);
            checked(
                    "pool " + from.pool(),
                    Librbd.openPool(connection.cluster(), arena.allocateFrom(from.pool()), made));
            MemorySegment parents = made.get(ADDRESS, 0);
            try {
                return checked(
                        "clone",
                        Librbd.cloneImage(
                                parents,
                                arena.allocateFrom(from.image()),
                                arena.allocateFrom(from.name()),
                                connection.pool(),
                                arena.allocateFrom(image),
                                FEATURES,
                                arena.allocateFrom(JAVA_INT, 0)));
            } finally {
                Librbd.closePool(parents);
            }
        });
    }

    public void rename(String image, String name) throws IOException {
        call((connection, arena) -> checked(
                "rename", Librbd.rename(connection.pool(), arena.allocateFrom(image), arena.allocateFrom(name))));
    }

    /** It must have no snapshots. */
    public void remove(String image) throws IOException {
        call((connection, arena) -> checked("remove", Librbd.remove(connection.pool(), arena.allocateFrom(image))));
    }

    public RbdImage open(String image) throws IOException {
        return call((connection, arena) -> {
            MemorySegment opened = arena.allocate(ADDRESS);
            checked("open", Librbd.open(connection.pool(), arena.allocateFrom(image), opened, MemorySegment.NULL));
            return new RbdImage(this, image, opened.get(ADDRESS, 0));
        });
    }

    /** Without being seen by who watches over it. */
    public Optional<RbdImage> find(String image) throws IOException {
        try {
            return Optional.of(openToRead(image, ""));
        } catch (RbdFault e) {
            if (e.kind() == RbdFault.Kind.MISSING) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** @param snapshot empty for the image as it is now */
    public RbdImage openToRead(String image, String snapshot) throws IOException {
        return call((connection, arena) -> {
            MemorySegment opened = arena.allocate(ADDRESS);
            checked(
                    "open",
                    Librbd.openToRead(
                            connection.pool(),
                            arena.allocateFrom(image),
                            opened,
                            snapshot.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(snapshot)));
            return new RbdImage(this, image, opened.get(ADDRESS, 0));
        });
    }

    <T> T call(Call<T> call) throws IOException {
        try {
            return CompletableFuture.supplyAsync(
                            () -> {
                                try (Arena arena = Arena.ofConfined()) {
                                    return call.run(connected(), arena);
                                } catch (RbdFault e) {
                                    forgetIfCutOff(e);
                                    throw new UncheckedIOException(e);
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

    /** What the call answered, unless that says that it failed. */
    static int checked(String what, int answer) throws RbdFault {
        if (answer < 0) {
            throw RbdFault.of(what, -answer);
        }
        return answer;
    }

    private synchronized Connection connected() throws IOException {
        Connection known = connection;
        if (known != null) {
            return known;
        }
        Refusal last = refusal;
        if (last != null && last.until().isAfter(Instant.now())) {
            throw new RbdFault(RbdFault.Kind.UNREACHABLE, last.reason());
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(ADDRESS);
            checked("create", Librbd.create(made, arena.allocateFrom(settings.user())));
            Connection opened = connect(arena, made.get(ADDRESS, 0));
            connection = opened;
            return opened;
        } catch (UnsatisfiedLinkError
                | IllegalArgumentException
                | ExceptionInInitializerError
                | NoClassDefFoundError e) {
            throw refused("librbd is not installed here: " + e.getMessage());
        } catch (RbdFault e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private static void configure(Arena arena, MemorySegment cluster, String option, String value) throws RbdFault {
        checked(option, Librbd.configure(cluster, arena.allocateFrom(option), arena.allocateFrom(value)));
    }

    // What others still do over the old connection fails by itself.
    private synchronized void forgetIfCutOff(RbdFault fault) {
        if (fault.cutOff()) {
            connection = null;
        }
    }

    private RbdFault refused(String reason) {
        refusal = new Refusal(reason, Instant.now().plus(RETRY));
        return new RbdFault(RbdFault.Kind.UNREACHABLE, reason);
    }

    private Connection connect(Arena arena, MemorySegment cluster) throws IOException {
        boolean connected = false;
        try {
            checked("configuration", Librbd.readConfiguration(cluster, arena.allocateFrom(settings.configuration())));
            for (String option : List.of("client_mount_timeout", "rados_mon_op_timeout", "rados_osd_op_timeout")) {
                configure(arena, cluster, option, Integer.toString(settings.timeout()));
            }
            // A snapshot that is cloned from stays where it is; format 2 would let it go to a trash, out of sight.
            configure(arena, cluster, "rbd_default_clone_format", "1");
            checked("connect", Librbd.connect(cluster));
            MemorySegment fsid = arena.allocate(FSID_LENGTH);
            checked("fsid", Librbd.fsid(cluster, fsid));
            MemorySegment pool = arena.allocate(ADDRESS);
            checked("pool", Librbd.openPool(cluster, arena.allocateFrom(settings.pool()), pool));
            connected = true;
            return new Connection(cluster, pool.get(ADDRESS, 0), fsid.getString(0));
        } finally {
            if (!connected) {
                Librbd.shutDown(cluster);
            }
        }
    }
}
