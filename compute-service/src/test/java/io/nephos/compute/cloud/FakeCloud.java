package io.nephos.compute.cloud;

import io.grpc.Server;
import io.nephos.contracts.scheduler.v1.ClaimManyRequest;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.PutAggregateRequest;
import io.nephos.testkit.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Scheduler, network, block, image and two hosts with their agents, in memory, behind the ports where compute looks for
 * them. The books say what each holds; the knobs make each fail.
 */
public final class FakeCloud implements AutoCloseable {
    /** What the scheduler holds: server to host. */
    public final Map<String, String> allocations = new ConcurrentHashMap<>();
    /** What network holds: port to server. */
    public final Map<String, String> ports = new ConcurrentHashMap<>();
    /** What block holds: attachment to server. */
    public final Map<String, String> attachments = new ConcurrentHashMap<>();
    /** What hosts run: "host/server" to generation. */
    public final Map<String, Long> instances = new ConcurrentHashMap<>();

    /** Hosts whose agent refuses to build. */
    public final Set<String> broken = ConcurrentHashMap.newKeySet();
    /** Hosts whose agent does not answer. */
    public final Set<String> away = ConcurrentHashMap.newKeySet();
    /** Hosts whose agent does what is asked and then does not answer, once. */
    public final Set<String> mute = ConcurrentHashMap.newKeySet();

    /** What the scheduler was asked, by server. */
    public final Map<String, ClaimRequest> claims = new ConcurrentHashMap<>();
    /** What it was asked for many at once. */
    public final List<ClaimManyRequest> batches = new CopyOnWriteArrayList<>();
    /** Aggregates that it knows, by UUID. */
    public final Map<String, PutAggregateRequest> aggregates = new ConcurrentHashMap<>();
    /** Hosts that it was told are disabled, with the reason. */
    public final Map<String, String> disabled = new ConcurrentHashMap<>();
    /** Hosts that it was told are down. */
    public final Set<String> forcedDown = ConcurrentHashMap.newKeySet();
    /** "host true" and "host false": how builds went. */
    public final List<String> builds = new CopyOnWriteArrayList<>();
    /** How many servers of a batch there is room for. */
    public volatile int room = Integer.MAX_VALUE;

    public volatile String noHost = "";
    public volatile boolean portsComeUp = true;

    private final List<Server> servers = new ArrayList<>();

    public FakeCloud() {
        servers.add(Peer.serve("scheduler", new FakeScheduler(this), new FakeAgent(this, "h1")));
        servers.add(Peer.serve("identity", new FakeAgent(this, "h2")));
        servers.add(Peer.serve("network", new FakePorts(this)));
        servers.add(Peer.serve("block", new FakeAttachments(this)));
        servers.add(Peer.serve("image", new FakeImages()));
    }

    /** The UUID of a host, "h1" or "h2". */
    public static String id(String host) {
        return host.equals("h1") ? "aaaaaaaa-0000-4000-8000-000000000001" : "aaaaaaaa-0000-4000-8000-000000000002";
    }

    /** Where the agent of a host answers. */
    static String agent(String host) {
        String peer = host.equals("h1") ? "scheduler" : "identity";
        return "127.0.0.1:" + Integer.getInteger("nephos.testkit.peer." + peer, 0);
    }

    /** Everything well again; what is held stays. */
    public void heal() {
        broken.clear();
        away.clear();
        mute.clear();
        noHost = "";
        room = Integer.MAX_VALUE;
        batches.clear();
        builds.clear();
        portsComeUp = true;
    }

    /** What anybody holds for a server. */
    public List<String> heldFor(String serverId) {
        List<String> held = new ArrayList<>();
        if (allocations.containsKey(serverId)) {
            held.add("allocation");
        }
        ports.values().stream().filter(serverId::equals).forEach(port -> held.add("port"));
        attachments.values().stream().filter(serverId::equals).forEach(attachment -> held.add("attachment"));
        instances.keySet().stream().filter(key -> key.endsWith(serverId)).forEach(held::add);
        return held;
    }

    @Override
    public void close() {
        servers.forEach(Server::shutdownNow);
    }
}
