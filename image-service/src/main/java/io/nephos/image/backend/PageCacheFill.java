package io.nephos.image.backend;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads what was written past the page cache into it while no file is being written, the last one first: who asks for an image
 * soon finds it there, and no upload waited for that. Large files, and those that too many others came after, stay on the disk.
 */
final class PageCacheFill {
    private static final Logger LOG = Logger.getLogger(PageCacheFill.class);
    private static final int PIECE = 1 << 20;
    private static final int REMEMBERED = 16;
    /** Of all memory. The first bytes of what is larger might be gone again before its last ones have come. */
    private static final int LARGEST_PART = 4;

    private final Deque<Path> files = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private int writers;
    private boolean reading;

    /** A file is being written from now on. */
    void pause() {
        lock.lock();
        try {
            writers++;
        } finally {
            lock.unlock();
        }
    }

    /** One file less is. */
    void goOn() {
        lock.lock();
        try {
            writers--;
            quiet.signal();
        } finally {
            lock.unlock();
        }
    }

    void add(Path file) {
        lock.lock();
        try {
            files.addFirst(file);
            if (files.size() > REMEMBERED) {
                files.removeLast();
            }
            if (!reading) {
                reading = true;
                // A virtual thread would keep others from running while it reads.
                Thread.ofPlatform().daemon().name("page-cache-fill").start(this::readAll);
            }
        } finally {
            lock.unlock();
        }
    }

    private void readAll() {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        for (Path file = next(); file != null; file = next()) {
            try (FileChannel bytes = FileChannel.open(file)) {
                boolean more = bytes.size() <= memory() / LARGEST_PART;
                while (more) {
                    awaitQuiet();
                    more = Files.exists(file) && bytes.read(piece.clear()) >= 0;
                }
            } catch (IOException e) {
                LOG.debugf(e, "%s stays on the disk", file);
            }
        }
    }

    private @Nullable Path next() {
        lock.lock();
        try {
            reading = !files.isEmpty();
            return files.poll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitQuiet() {
        lock.lock();
        try {
            while (writers > 0) {
                quiet.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
