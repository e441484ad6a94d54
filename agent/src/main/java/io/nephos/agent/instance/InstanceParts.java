package io.nephos.agent.instance;

import io.nephos.agent.AgentConfig;
import io.nephos.agent.hypervisor.Hypervisor;
import io.nephos.agent.image.ClonedDisks;
import io.nephos.agent.image.Disks;
import io.nephos.agent.image.ImageCache;
import io.nephos.agent.metadata.GuestMetadata;
import io.nephos.agent.ovs.IntegrationBridge;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** The things that work on instances, put together once. */
@Singleton
public class InstanceParts {
    private final Hypervisor hypervisor;
    private final InstanceStore store;
    private final ImageCache images;
    private final InstanceLocks locks = new InstanceLocks();
    private final Convergence convergence;
    private final InstanceStates states;

    @Inject
    public InstanceParts(
            Hypervisor hypervisor,
            IntegrationBridge bridge,
            InstanceStore store,
            ImageCache images,
            Disks disks,
            ClonedDisks clones,
            GuestMetadata metadata,
            AgentConfig config) {
        this.hypervisor = hypervisor;
        this.store = store;
        this.images = images;
        this.states = new InstanceStates(hypervisor, store, locks);
        this.convergence = new Convergence(
                hypervisor,
                bridge,
                store,
                images,
                disks,
                clones,
                metadata,
                new Convergence.Patience(config.shutdownTimeout(), config.detachTimeout()));
    }

    Hypervisor hypervisor() {
        return hypervisor;
    }

    InstanceStore store() {
        return store;
    }

    ImageCache images() {
        return images;
    }

    InstanceLocks locks() {
        return locks;
    }

    Convergence convergence() {
        return convergence;
    }

    /** What is on this host. */
    public InstanceStates states() {
        return states;
    }
}
