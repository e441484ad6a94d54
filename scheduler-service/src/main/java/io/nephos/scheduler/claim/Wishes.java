package io.nephos.scheduler.claim;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.Request;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;

/** What consumers asked for when their places were claimed, kept to be asked again when they are to move. */
@ApplicationScoped
public class Wishes {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().omittingInsignificantWhitespace();
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    private final ClaimRequests requests;
    private final SchedulerConfig config;

    @Inject
    Wishes(ClaimRequests requests, SchedulerConfig config) {
        this.requests = requests;
        this.config = config;
    }

    /** A claim without what is its consumer's own, what it holds, and where others were at that moment. */
    static String text(ClaimRequest claim) {
        ClaimRequest.Builder wish = claim.toBuilder()
                .clearConsumerId()
                .clearProjectId()
                .clearUserId()
                .clearConsumerType()
                .clearResources()
                .clearExcludedHosts()
                // As in Nova, where a server was forced to at first does not bind it when it moves.
                .clearForcedHost()
                .clearForcedNode()
                .clearCaller();
        if (claim.hasServerGroup()) {
            wish.setServerGroup(claim.getServerGroup().toBuilder().clearMemberHosts());
        }
        try {
            return PRINTER.print(wish);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A claim that asks for nothing beside resources asks for what was wished before. */
    static ClaimRequest again(ClaimRequest claim, Optional<String> wish) {
        if (wish.isEmpty() || !text(claim).equals("{}")) {
            return claim;
        }
        return parsed(wish.get(), claim.getConsumerId()).mergeFrom(claim).build();
    }

    private static ClaimRequest.Builder parsed(String wish, String consumer) {
        try {
            ClaimRequest.Builder claim = ClaimRequest.newBuilder();
            PARSER.merge(wish, claim);
            return claim;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("The wish of consumer " + consumer + " cannot be read: " + wish, e);
        }
    }

    /** The wish of a consumer that holds these resources; hosts that its hints name are where those servers are now. */
    public Request read(String wish, String consumer, String project, Map<String, Long> resources) {
        return requests.read(
                parsed(wish, consumer)
                        .setProjectId(project)
                        .putAllResources(resources)
                        .build(),
                consumer);
    }

    /**
     * All filters that run here, save those that look at what else is on the host at the moment and those of server groups,
     * let the request there.
     */
    public boolean allows(Host host, Request wished) {
        return config.filters().allowsLasting(host, wished);
    }
}
