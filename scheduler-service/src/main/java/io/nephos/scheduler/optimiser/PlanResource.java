package io.nephos.scheduler.optimiser;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.scheduler.optimiser.PlanRow.State;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Our own, for administrators: plans of migrations. {@code POST {"goal": "rebalance" | "consolidate" | "drain", "host": name or
 * id, "max_migrations": 100, "time_limit": 30}}; the plan is made in the background and shown by GET; nothing moves before it is
 * approved, and applying it waits for live migration: 501.
 */
@Path("/nephos/v1/optimizer/plans")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class PlanResource {
    private static final String RULE = "nephos:optimizer:plans:";

    private final RequestContext request;
    private final Policy policy;
    private final PlanStore plans;
    private final WorldStore worlds;

    public PlanResource(RequestContext request, Policy policy, PlanStore plans, WorldStore worlds) {
        this.request = request;
        this.policy = policy;
        this.plans = plans;
        this.worlds = worlds;
    }

    @GET
    public Map<String, Object> list() {
        policy.require(RULE + "list", request.caller(), Map.of());
        return PlanView.list(plans.all().stream()
                .map(row -> PlanView.brief(row, plans.plan(row)))
                .toList());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(JsonNode body) {
        policy.require(RULE + "create", request.caller(), Map.of());
        PlanRow row = read(Fields.ofBody(body).only("goal", "host", "max_migrations", "time_limit"));
        plans.insert(row);
        return Response.accepted(PlanView.full(row, Optional.empty()))
                .location(URI.create("/nephos/v1/optimizer/plans/" + row.id))
                .build();
    }

    @GET
    @Path("/{id}")
    public Map<String, Object> show(@PathParam("id") String id) {
        policy.require(RULE + "show", request.caller(), Map.of());
        PlanRow row = plans.require(id);
        return PlanView.full(row, plans.plan(row));
    }

    /** 409 unless the plan is ready, and still possible in the cloud as it is now. */
    @POST
    @Path("/{id}/approve")
    public Map<String, Object> approve(@PathParam("id") String id) {
        policy.require(RULE + "approve", request.caller(), Map.of());
        PlanRow row = plans.require(id);
        if (row.state.equals(State.READY.name())) {
            requireStillPossible(row);
        }
        return PlanView.full(plans.approve(id, request.caller().userId()), plans.plan(row));
    }

    /** A plan that is found to be overtaken stays so, and says by what. */
    private void requireStillPossible(PlanRow row) {
        Optional<String> hindrance =
                plans.plan(row).flatMap(plan -> Rehearsal.hindrance(worlds.current(), plan.migrations()));
        if (hindrance.isPresent()) {
            plans.overtaken(row.id, hindrance.get());
            throw Fault.conflict("The cloud has changed since optimizer plan " + row.id + " was made: "
                    + hindrance.get() + "; ask for a new one.");
        }
    }

    /** 409 unless the plan is approved, and still possible; 501 then. */
    @POST
    @Path("/{id}/apply")
    public Response apply(@PathParam("id") String id) {
        policy.require(RULE + "apply", request.caller(), Map.of());
        PlanRow row = plans.require(id);
        if (!row.state.equals(State.APPROVED.name())) {
            throw Fault.conflict("Optimizer plan " + id + " is " + row.state + "; only an APPROVED one is applied.");
        }
        requireStillPossible(row);
        throw Fault.notImplemented("Servers cannot be migrated yet; the plan can be read and carried out by hand.");
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        policy.require(RULE + "delete", request.caller(), Map.of());
        if (!plans.delete(id)) {
            throw Fault.notFound("There is no optimizer plan " + id + ".");
        }
    }

    private PlanRow read(Fields fields) {
        Goal goal = Goal.of(fields.oneOf("goal", Goal.all())).orElseThrow();
        Optional<String> host = fields.optionalText("host", 1, 255);
        if (host.isPresent() != (goal == Goal.DRAIN)) {
            throw fields.invalid("host", goal == Goal.DRAIN ? "is needed to drain it." : "is only for a drain.");
        }
        PlanRow row = new PlanRow();
        row.id = UUID.randomUUID().toString();
        row.goal = goal.shown();
        row.state = State.PENDING.name();
        row.hostId = host.map(given -> worlds.hostId(given)
                        .orElseThrow(() -> fields.invalid("host", "there is no host '" + given + "'.")))
                .orElse(null);
        row.maxMigrations = fields.optionalInteger("max_migrations", 1, 100_000).orElse(100);
        row.timeLimitSeconds = fields.optionalInteger("time_limit", 1, 60).orElse(30);
        row.requestedBy = request.caller().userId();
        row.message = "";
        row.createdAt = OffsetDateTime.now(Clock.systemUTC());
        row.updatedAt = row.createdAt;
        return row;
    }
}
