package io.nephos.kit.event;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The Kafka brokers and what the names of our topics and groups begin with there: two clouds, or the services of two tests,
 * share one broker and do not hear each other.
 */
@ApplicationScoped
public class Broker {
    private final String bootstrapServers;
    private final String prefix;

    @Inject
    public Broker(
            @ConfigProperty(name = "nephos.kafka.bootstrap-servers") String bootstrapServers,
            @ConfigProperty(name = "nephos.kafka.prefix") Optional<String> prefix) {
        this.bootstrapServers = bootstrapServers;
        this.prefix = prefix.orElse("");
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** What a topic or a consumer group of ours is called on the broker: "nephos.compute.server" with the prefix. */
    public String named(String name) {
        return prefix + name;
    }
}
