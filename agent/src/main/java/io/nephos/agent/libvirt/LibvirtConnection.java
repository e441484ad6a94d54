package io.nephos.agent.libvirt;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.nephos.agent.hypervisor.HypervisorException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.Library;
import org.libvirt.LibvirtException;
import org.libvirt.jna.ConnectionPointer;
import org.libvirt.jna.Libvirt;

/**
 * One connection to libvirtd that comes back when libvirtd does. Calls run on a bounded pool of platform threads,
 * because JNA pins the thread it is called on; while there is no connection they fail at once.
 */
final class LibvirtConnection implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LibvirtConnection.class);
    private static final long CALL_SECONDS = 60;
    // Without a callback libvirt prints every error to standard error; JNA holds callbacks only weakly.
    private static final Libvirt.VirErrorCallback SILENCE = (data, error) -> {};
    private static boolean eventLoopRuns;

    private final String uri;
    private final ExecutorService calls;
    private final Thread keeper;
    private final Map<String, AtomicLong> reboots = new ConcurrentHashMap<>();
    private final ExecutorService callbacks = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("libvirt-callback").factory());
    private volatile @Nullable Link link;
    private volatile String lastError = "not connected yet";
    private volatile boolean closed;
    private volatile Consumer<String> listener = id -> {};

    /** A call into libvirt. */
    @FunctionalInterface
    interface Call<T> {
        T on(Connect connect) throws LibvirtException;
    }

    /** A call on one domain. */
    @FunctionalInterface
    interface DomainCall<T> {
        T on(Domain domain) throws LibvirtException;
    }

    LibvirtConnection(String uri, int threads) {
        this.uri = uri;
        this.calls = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("libvirt-", 0).factory());
        startEventLoop();
        this.keeper = Thread.ofPlatform().daemon().name("libvirt-keeper").unstarted(this::keepConnected);
        keeper.start();
    }

    void onChange(Consumer<String> newListener) {
        listener = newListener;
    }

    long rebootsSeen(String id) {
        AtomicLong count = reboots.get(id);
        return count == null ? 0 : count.get();
    }

    void forget(String id) {
        reboots.remove(id);
    }

    <T> T call(String what, Call<T> call) {
        Link open = link;
        if (open == null) {
            throw new HypervisorException.Unavailable("libvirt at " + uri + " cannot be reached: " + lastError);
        }
        Future<T> answer = calls.submit(() -> call.on(open));
        try {
            return answer.get(CALL_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw translate(what, open, e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HypervisorException.Unavailable(what + ": libvirt gave no answer in " + CALL_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HypervisorException.Unavailable(what + ": interrupted");
        }
    }

    <T> T domain(String what, String id, DomainCall<T> call) {
        return call(what, connect -> {
            Domain domain = connect.domainLookupByUUIDString(id);
            try {
                return call.on(domain);
            } finally {
                domain.free();
            }
        });
    }

    /** libvirt's reason for the state that a domain is in; -1 when it cannot be told. */
    static int stateReason(Connect connect, String id) {
        ConnectionPointer pointer = ((Link) connect).pointer();
        Pointer domain = LibvirtNative.LIBVIRT.virDomainLookupByUUIDString(pointer, id);
        if (domain == null) {
            return -1;
        }
        try {
            IntByReference state = new IntByReference();
            IntByReference reason = new IntByReference();
            return LibvirtNative.LIBVIRT.virDomainGetState(domain, state, reason, 0) < 0 ? -1 : reason.getValue();
        } finally {
            LibvirtNative.LIBVIRT.virDomainFree(domain);
        }
    }

    private HypervisorException translate(String what, Link used, @Nullable Throwable cause) {
        if (!(cause instanceof LibvirtException e)) {
            LOG.errorf(cause, "%s failed", what);
            return new HypervisorException.Refused(what + ": " + cause);
        }
        if (!alive(used)) {
            lost(used, String.valueOf(e.getMessage()));
            return new HypervisorException.Unavailable(what + ": the connection to libvirt was lost");
        }
        ErrorNumber code = e.getError() == null ? null : e.getError().getCode();
        String message = what + ": " + e.getMessage();
        if (code == ErrorNumber.VIR_ERR_NO_DOMAIN) {
            return new HypervisorException.Gone(message);
        }
        // The monitor of a guest that is just ending, a job lock that another call holds, a storage daemon that is
        // being
        // restarted: the next try decides.
        if (code == ErrorNumber.VIR_ERR_OPERATION_TIMEOUT
                || code == ErrorNumber.VIR_ERR_RPC
                || message.contains("Failed to connect to")) {
            return new HypervisorException.Unavailable(message);
        }
        return new HypervisorException.Refused(message);
    }

    private static boolean alive(Connect connect) {
        try {
            return connect.isAlive();
        } catch (LibvirtException e) {
            return false;
        }
    }

    private void keepConnected() {
        boolean told = false;
        while (!closed) {
            try {
                Link open = link;
                if (open == null) {
                    link = connect();
                    told = false;
                    LOG.infof("Connected to libvirt at %s", uri);
                    changed("");
                } else if (!alive(open)) {
                    lost(open, "the connection was closed");
                    continue;
                }
                Thread.sleep(1000);
            } catch (LibvirtException e) {
                lastError = String.valueOf(e.getMessage());
                if (!told) {
                    LOG.warnf("libvirt at %s cannot be reached: %s", uri, lastError);
                    told = true;
                }
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Link connect() throws LibvirtException {
        Link made = new Link(uri);
        made.registerCloseListener((connect, reason) -> lost(made, reason.toString()));
        made.setKeepAlive(5, 3);
        made.addLifecycleListener((domain, event) -> {
            changed(idOf(domain));
            return 0;
        });
        made.addRebootListener(domain ->
                reboots.computeIfAbsent(idOf(domain), id -> new AtomicLong()).incrementAndGet());
        return made;
    }

    private void changed(String id) {
        if (!closed) {
            callbacks.execute(() -> listener.accept(id));
        }
    }

    private static String idOf(Domain domain) {
        try {
            return domain.getUUIDString();
        } catch (LibvirtException e) {
            return "";
        }
    }

    private synchronized void lost(Link which, String reason) {
        if (link == which) {
            link = null;
            lastError = reason;
            LOG.warnf("The connection to libvirt was lost: %s", reason);
        }
    }

    private static synchronized void startEventLoop() {
        if (eventLoopRuns) {
            return;
        }
        try {
            // Must come before the first connection, or it gets no events and no keepalive.
            Library.initEventLoop();
            Connect.setErrorCallback(SILENCE);
        } catch (LibvirtException e) {
            throw new IllegalStateException("libvirt's event loop cannot be had", e);
        }
        Thread.ofPlatform().daemon().name("libvirt-events").start(() -> {
            while (true) {
                try {
                    Library.processEvent();
                } catch (LibvirtException e) {
                    LOG.warn("libvirt's event loop", e);
                }
            }
        });
        eventLoopRuns = true;
    }

    @Override
    public void close() {
        closed = true;
        keeper.interrupt();
        calls.shutdownNow();
        callbacks.shutdownNow();
        Link open = link;
        link = null;
        if (open != null) {
            try {
                open.close();
            } catch (LibvirtException e) {
                LOG.debug("close", e);
            }
        }
    }

    /** A connection whose native handle can be passed to calls that libvirt-java lacks. */
    private static final class Link extends Connect {
        Link(String uri) throws LibvirtException {
            super(uri);
        }

        ConnectionPointer pointer() {
            return vcp;
        }
    }
}
