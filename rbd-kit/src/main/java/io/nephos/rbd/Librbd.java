package io.nephos.rbd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of librbd and librados that are needed here, by their own names. All answer zero or a count when they went
 * well, and a negative errno when not; all may block, so call them on threads that may.
 */
final class Librbd {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARIES = SymbolLookup.libraryLookup("librados.so.2", Arena.global())
            .or(SymbolLookup.libraryLookup("librbd.so.1", Arena.global()));

    private static final MethodHandle CREATE = function("rados_create", ADDRESS, ADDRESS);
    private static final MethodHandle CONF_READ = function("rados_conf_read_file", ADDRESS, ADDRESS);
    private static final MethodHandle CONF_SET = function("rados_conf_set", ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle CONNECT = function("rados_connect", ADDRESS);
    private static final MethodHandle SHUTDOWN = noAnswer("rados_shutdown", ADDRESS);
    private static final MethodHandle FSID = function("rados_cluster_fsid", ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle IOCTX = function("rados_ioctx_create", ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle IMAGE_CREATE =
            function("rbd_create2", ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    private static final MethodHandle OPEN = function("rbd_open", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle OPEN_TO_READ = function("rbd_open_read_only", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle CLOSE = function("rbd_close", ADDRESS);
    private static final MethodHandle GET_SIZE = function("rbd_get_size", ADDRESS, ADDRESS);
    private static final MethodHandle CREATED = function("rbd_get_create_timestamp", ADDRESS, ADDRESS);
    private static final MethodHandle RESIZE = function("rbd_resize", ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE = counting("rbd_write");
    private static final MethodHandle READ = counting("rbd_read");
    private static final MethodHandle FLUSH = function("rbd_flush", ADDRESS);
    private static final MethodHandle SNAP_CREATE = function("rbd_snap_create", ADDRESS, ADDRESS);
    private static final MethodHandle SNAP_REMOVE = function("rbd_snap_remove", ADDRESS, ADDRESS);
    private static final MethodHandle SNAP_PROTECT = function("rbd_snap_protect", ADDRESS, ADDRESS);
    private static final MethodHandle SNAP_UNPROTECT = function("rbd_snap_unprotect", ADDRESS, ADDRESS);
    private static final MethodHandle REMOVE = function("rbd_remove", ADDRESS, ADDRESS);
    private static final MethodHandle STAT = function("rados_cluster_stat", ADDRESS, ADDRESS);
    private static final MethodHandle CONF_GET = function("rados_conf_get", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle BLOCKLIST = function("rados_blocklist_add", ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle IOCTX_CLOSE = noAnswer("rados_ioctx_destroy", ADDRESS);
    private static final MethodHandle CLONE =
            function("rbd_clone", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle RENAME = function("rbd_rename", ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle PARENT =
            function("rbd_get_parent_info", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle FLATTEN = function("rbd_flatten", ADDRESS);
    private static final MethodHandle SNAP_LIST = function("rbd_snap_list", ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle SNAP_LIST_END = noAnswer("rbd_snap_list_end", ADDRESS);
    private static final MethodHandle META_SET = function("rbd_metadata_set", ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle META_GET = function("rbd_metadata_get", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle WATCHERS = function("rbd_watchers_list", ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle WATCHERS_END = noAnswer("rbd_watchers_list_cleanup", ADDRESS, JAVA_LONG);
    private static final MethodHandle INSTANCE = LINKER.downcallHandle(
            LIBRARIES.findOrThrow("rados_get_instance_id"), FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    private static final MethodHandle LIST = function("rbd_list", ADDRESS, ADDRESS, ADDRESS);

    private Librbd() {}

    static int create(MemorySegment cluster, MemorySegment user) {
        return call(CREATE, cluster, user);
    }

    static int readConfiguration(MemorySegment cluster, MemorySegment path) {
        return call(CONF_READ, cluster, path);
    }

    static int configure(MemorySegment cluster, MemorySegment name, MemorySegment value) {
        return call(CONF_SET, cluster, name, value);
    }

    static int connect(MemorySegment cluster) {
        return call(CONNECT, cluster);
    }

    /** Forgets a cluster, connected or not. */
    static void shutDown(MemorySegment cluster) {
        run(SHUTDOWN, cluster);
    }

    static int fsid(MemorySegment cluster, MemorySegment text) {
        return call(FSID, cluster, text, text.byteSize());
    }

    static int openPool(MemorySegment cluster, MemorySegment name, MemorySegment pool) {
        return call(IOCTX, cluster, name, pool);
    }

    static int createImage(MemorySegment pool, MemorySegment name, long size, long features, MemorySegment order) {
        return call(IMAGE_CREATE, pool, name, size, features, order);
    }

    /** @param snapshot NULL is the image itself */
    static int open(MemorySegment pool, MemorySegment name, MemorySegment image, MemorySegment snapshot) {
        return call(OPEN, pool, name, image, snapshot);
    }

    static int openToRead(MemorySegment pool, MemorySegment name, MemorySegment image, MemorySegment snapshot) {
        return call(OPEN_TO_READ, pool, name, image, snapshot);
    }

    static int close(MemorySegment image) {
        return call(CLOSE, image);
    }

    static int size(MemorySegment image, MemorySegment size) {
        return call(GET_SIZE, image, size);
    }

    /** @param time a struct timespec */
    static int created(MemorySegment image, MemorySegment time) {
        return call(CREATED, image, time);
    }

    static int resize(MemorySegment image, long size) {
        return call(RESIZE, image, size);
    }

    static int write(MemorySegment image, long offset, MemorySegment bytes) {
        return count(WRITE, image, offset, bytes);
    }

    static int read(MemorySegment image, long offset, MemorySegment bytes) {
        return count(READ, image, offset, bytes);
    }

    static int flush(MemorySegment image) {
        return call(FLUSH, image);
    }

    static int createSnapshot(MemorySegment image, MemorySegment name) {
        return call(SNAP_CREATE, image, name);
    }

    static int removeSnapshot(MemorySegment image, MemorySegment name) {
        return call(SNAP_REMOVE, image, name);
    }

    static int protect(MemorySegment image, MemorySegment snapshot) {
        return call(SNAP_PROTECT, image, snapshot);
    }

    static int unprotect(MemorySegment image, MemorySegment snapshot) {
        return call(SNAP_UNPROTECT, image, snapshot);
    }

    static int remove(MemorySegment pool, MemorySegment name) {
        return call(REMOVE, pool, name);
    }

    /**
     * @param names takes them, each with a zero behind it
     * @param size what names has room for, and after -ERANGE what it needs
     */
    static int list(MemorySegment pool, MemorySegment names, MemorySegment size) {
        return call(LIST, pool, names, size);
    }

    /** @param figures KiB in all, KiB used, KiB free, objects */
    static int stat(MemorySegment cluster, MemorySegment figures) {
        return call(STAT, cluster, figures);
    }

    static int option(MemorySegment cluster, MemorySegment name, MemorySegment value) {
        return call(CONF_GET, cluster, name, value, value.byteSize());
    }

    static int cutOff(MemorySegment cluster, MemorySegment address, int seconds) {
        return call(BLOCKLIST, cluster, address, seconds);
    }

    /** Which client of the cluster we are. */
    static long instance(MemorySegment cluster) {
        try {
            return (long) INSTANCE.invokeExact(cluster);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static void closePool(MemorySegment pool) {
        run(IOCTX_CLOSE, pool);
    }

    static int cloneImage(
            MemorySegment parents,
            MemorySegment parent,
            MemorySegment snapshot,
            MemorySegment pool,
            MemorySegment name,
            long features,
            MemorySegment order) {
        return call(CLONE, parents, parent, snapshot, pool, name, features, order);
    }

    static int rename(MemorySegment pool, MemorySegment name, MemorySegment newName) {
        return call(RENAME, pool, name, newName);
    }

    static int parent(MemorySegment image, MemorySegment pool, MemorySegment name, MemorySegment snapshot) {
        return call(PARENT, image, pool, pool.byteSize(), name, name.byteSize(), snapshot, snapshot.byteSize());
    }

    static int flatten(MemorySegment image) {
        return call(FLATTEN, image);
    }

    /** @param most how many there is room for, and after -ERANGE how many there are */
    static int snapshots(MemorySegment image, MemorySegment snapshots, MemorySegment most) {
        return call(SNAP_LIST, image, snapshots, most);
    }

    static void endSnapshots(MemorySegment snapshots) {
        run(SNAP_LIST_END, snapshots);
    }

    static int setNote(MemorySegment image, MemorySegment key, MemorySegment value) {
        return call(META_SET, image, key, value);
    }

    static int note(MemorySegment image, MemorySegment key, MemorySegment value, MemorySegment size) {
        return call(META_GET, image, key, value, size);
    }

    /** @param most how many there is room for, and then how many there are */
    static int watchers(MemorySegment image, MemorySegment watchers, MemorySegment most) {
        return call(WATCHERS, image, watchers, most);
    }

    static void endWatchers(MemorySegment watchers, long count) {
        run(WATCHERS_END, watchers, count);
    }

    private static int count(MethodHandle function, MemorySegment image, long offset, MemorySegment bytes) {
        try {
            return Math.toIntExact((long) function.invokeExact(image, offset, bytes.byteSize(), bytes));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(MethodHandle function, Object... arguments) {
        try {
            function.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle noAnswer(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(LIBRARIES.findOrThrow(name), FunctionDescriptor.ofVoid(arguments));
    }

    private static MethodHandle function(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(LIBRARIES.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static MethodHandle counting(String name) {
        return LINKER.downcallHandle(
                LIBRARIES.findOrThrow(name), FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS));
    }
}
