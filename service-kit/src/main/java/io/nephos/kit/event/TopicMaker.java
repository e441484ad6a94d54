package io.nephos.kit.event;

import io.nephos.kit.background.Background;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.List;

/** Makes the service's compacted topics at its start, as soon as the broker is there. */
@ApplicationScoped
public class TopicMaker {
    private final Broker broker;
    private final List<CompactedTopic> topics;

    @Inject
    public TopicMaker(Broker broker, @Any Instance<CompactedTopic> topics) {
        this.broker = broker;
        this.topics = topics.stream().toList();
    }

    void start(@Observes StartupEvent event, Background background) {
        if (!topics.isEmpty()) {
            background.once("topic-maker", () -> {
                for (CompactedTopic topic : topics) {
                    topic.ensure(broker);
                }
            });
        }
    }
}
