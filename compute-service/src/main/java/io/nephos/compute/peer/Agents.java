package io.nephos.compute.peer;

import io.grpc.Context;
import io.nephos.contracts.agent.v1.AgentGrpc;
import io.nephos.contracts.agent.v1.EnsureInstanceRequest;
import io.nephos.contracts.agent.v1.EvictImageRequest;
import io.nephos.contracts.agent.v1.GetConsoleOutputRequest;
import io.nephos.contracts.agent.v1.GetHostUptimeRequest;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.InstanceState;
import io.nephos.contracts.agent.v1.RebootInstanceRequest;
import io.nephos.contracts.agent.v1.RemoveInstanceRequest;
import io.nephos.rpc.Peers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The agents of hosts, by "address:port". A long call of this replica ends at once when its server is deleted. */
@ApplicationScoped
public class Agents {
    private final Peers peers;
    private final Map<String, Context.CancellableContext> running = new ConcurrentHashMap<>();

    @Inject
    public Agents(Peers peers) {
        this.peers = peers;
    }

    /** DEADLINE_EXCEEDED means: not yet, call again. CANCELLED: {@link #cancel} was called. */
    public InstanceState ensure(String address, InstanceSpec spec) {
        Context.CancellableContext context = Context.current().withCancellation();
        running.put(spec.getId(), context);
        Context before = context.attach();
        try {
            return stub(address, 60)
                    .ensureInstance(
                            EnsureInstanceRequest.newBuilder().setInstance(spec).build())
                    .getState();
        } finally {
            context.detach(before);
            running.remove(spec.getId(), context);
            context.cancel(null);
        }
    }

    public void cancel(String serverId) {
        Context.CancellableContext context = running.get(serverId);
        if (context != null) {
            context.cancel(null);
        }
    }

    public void remove(String address, String serverId) {
        stub(address, 60)
                .removeInstance(
                        RemoveInstanceRequest.newBuilder().setId(serverId).build());
    }

    public void reboot(String address, String serverId, String rebootId, boolean hard) {
        stub(address, 90)
                .rebootInstance(RebootInstanceRequest.newBuilder()
                        .setId(serverId)
                        .setRebootId(rebootId)
                        .setHard(hard)
                        .build());
    }

    /** The last lines of the console; all that is kept when {@code lines} is 0. */
    public String console(String address, String serverId, int lines) {
        return stub(address, 10)
                .getConsoleOutput(GetConsoleOutputRequest.newBuilder()
                        .setId(serverId)
                        .setLines(lines)
                        .build())
                .getOutput();
    }

    public void evict(String address, String sha512) {
        stub(address, 10)
                .evictImage(EvictImageRequest.newBuilder().setSha512(sha512).build());
    }

    /** What the program "uptime" says there. */
    public String uptime(String address) {
        return stub(address, 10)
                .getHostUptime(GetHostUptimeRequest.getDefaultInstance())
                .getUptime();
    }

    private AgentGrpc.AgentBlockingStub stub(String address, int seconds) {
        return AgentGrpc.newBlockingStub(peers.channelTo(address)).withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }
}
