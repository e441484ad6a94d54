package io.nephos.kit.background;

import io.grpc.StatusRuntimeException;
import io.nephos.kit.fault.FaultException;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Runs a service's own work, each piece on a virtual thread of its own, until the service stops. What fails is tried again:
 * quietly while a part that it needs is away (database, broker, Keycloak, another service, a file system), with an error in
 * the log if the work itself is wrong.
 */
@ApplicationScoped
public class Background {
    private static final Logger LOG = Logger.getLogger(Background.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /** Work that may fail. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** Does the work now; if it fails, again each second until it has succeeded. */
    public void once(String name, Work work) {
        start(name, () -> {
            boolean waits = false;
            while (!stopping && !succeeds(name, work)) {
                if (!waits) {
                    LOG.infof("%s waits for a part of the cloud that is not there yet", name);
                    waits = true;
                }
                Thread.sleep(RETRY);
            }
        });
    }

    /** Does the work again and again. */
    public void repeat(String name, Rhythm rhythm, Work work) {
        repeat(name, rhythm, new Bell(), work);
    }

    /** Does the work again and again, and whenever the bell is rung. */
    public void repeat(String name, Rhythm rhythm, Bell bell, Work work) {
        start(name, () -> {
            Duration rest = rhythm.first();
            while (!stopping) {
                bell.rest(rest);
                rest = succeeds(name, work) ? rhythm.between() : rhythm.afterFailure();
            }
        });
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        threads.forEach(Thread::interrupt);
    }

    private void start(String name, Work loop) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                loop.run();
            } catch (InterruptedException e) {
                LOG.debugf("%s is stopped", name);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                threads.remove(Thread.currentThread());
            }
        });
        threads.add(thread);
        thread.start();
    }

    private boolean succeeds(String name, Work work) throws InterruptedException {
        try {
            work.run();
            return true;
        } catch (FaultException | StatusRuntimeException | IOException | UncheckedIOException e) {
            LOG.debugf("%s is tried again: %s", name, e.getMessage());
        } catch (RuntimeException e) {
            if (!stopping) {
                LOG.errorf(e, "%s failed and is tried again", name);
            }
        }
        return false;
    }
}
