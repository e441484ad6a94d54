package io.nephos.kit.event;

import io.nephos.kit.fault.FaultException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.List;
import org.jboss.logging.Logger;

/** Makes the service's compacted topics at its start, as soon as the broker is there. */
@ApplicationScoped
public class TopicMaker {
    private static final Logger LOG = Logger.getLogger(TopicMaker.class);

    private final Broker broker;
    private final List<CompactedTopic> topics;
    private volatile boolean stopping;

    @Inject
    public TopicMaker(Broker broker, @Any Instance<CompactedTopic> topics) {
        this.broker = broker;
        this.topics = topics.stream().toList();
    }

    void start(@Observes StartupEvent event) {
        if (!topics.isEmpty()) {
            Thread.ofPlatform().daemon().name("topic-maker").start(this::make);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    private void make() {
        try {
            for (CompactedTopic topic : topics) {
                while (!stopping && !made(topic)) {
                    Thread.sleep(1000);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean made(CompactedTopic topic) throws InterruptedException {
        try {
            topic.ensure(broker);
            return true;
        } catch (FaultException e) {
            LOG.debugf("The topic waits: %s", e.getMessage());
            return false;
        }
    }
}
