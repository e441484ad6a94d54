package io.nephos.block.attachment;

import io.nephos.block.BlockApi;
import io.nephos.contracts.compute.v1.ComputeGrpc;
import io.nephos.contracts.compute.v1.FindServersRequest;
import io.nephos.kit.background.Background;
import io.nephos.kit.background.Rhythm;
import io.nephos.rpc.Peers;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Asks compute now and then whether the servers that hold volumes still exist: an event that was lost loses nothing. */
@ApplicationScoped
public class ServerSweep {
    private static final Logger LOG = Logger.getLogger(ServerSweep.class);
    private static final int BATCH = 500;

    private final AttachmentStore attachments;
    private final Peers peers;
    private final Duration period;
    private final Duration grace;

    @Inject
    public ServerSweep(
            AttachmentStore attachments,
            Peers peers,
            @ConfigProperty(name = "nephos.block.sweep.period", defaultValue = "60S") Duration period,
            @ConfigProperty(name = "nephos.block.sweep.grace", defaultValue = "60S") Duration grace) {
        this.attachments = attachments;
        this.peers = peers;
        this.period = period;
        this.grace = grace;
    }

    void start(@Observes @Priority(Integer.MAX_VALUE - 4) StartupEvent event, Background background) {
        background.repeat("server-sweep", Rhythm.every(period), this::sweep);
    }

    void sweep() {
        // A younger one may be of a server whose row is not written yet.
        List<AttachmentRow> old = attachments.all().stream()
                .filter(row ->
                        !row.serverId.isEmpty() && row.createdAt.plus(grace).isBefore(BlockApi.now()))
                .toList();
        for (int from = 0; from < old.size(); from += BATCH) {
            List<AttachmentRow> batch = old.subList(from, Math.min(from + BATCH, old.size()));
            Set<String> existing = new HashSet<>(ComputeGrpc.newBlockingStub(peers.channel("compute"))
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .findServers(FindServersRequest.newBuilder()
                            .addAllIds(new HashSet<>(
                                    batch.stream().map(row -> row.serverId).toList()))
                            .build())
                    .getExistingIdsList());
            batch.stream().filter(row -> !existing.contains(row.serverId)).forEach(row -> {
                LOG.infof("Server %s is gone; volume %s is given back", row.serverId, row.volumeId);
                attachments.detach(row.id);
            });
        }
    }
}
