package io.nephos.scheduler.claim;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.nephos.contracts.scheduler.v1.DryRunRequest;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/**
 * Where would this go, and why, without taking it: for administrators. The body is {@code {"claim": {...}, "limit": 10}}, the
 * contract's DryRunRequest as JSON; consumer_id may be left out. Answers the hosts that would do, best first, and for each
 * filter how many hosts it loses, with the nearest misses.
 */
@Path("/nephos/v1/dry-run")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class DryRunResource {
    private final Claims claims;
    private final ClaimRequests requests;
    private final RequestContext request;
    private final Policy policy;

    @Inject
    DryRunResource(Claims claims, ClaimRequests requests, RequestContext request, Policy policy) {
        this.claims = claims;
        this.requests = requests;
        this.request = request;
        this.policy = policy;
    }

    @POST
    public String run(JsonNode body) {
        policy.require("nephos:scheduler:dry_run", request.caller(), Map.of());
        DryRunRequest.Builder wanted = DryRunRequest.newBuilder();
        try {
            JsonFormat.parser().merge(body == null ? "{}" : body.toString(), wanted);
        } catch (InvalidProtocolBufferException e) {
            throw Fault.badRequest("The body is no dry run: " + e.getMessage());
        }
        try {
            return JsonFormat.printer()
                    .preservingProtoFieldNames()
                    .print(Messages.response(claims.dryRun(requests.read(wanted.build()))));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
