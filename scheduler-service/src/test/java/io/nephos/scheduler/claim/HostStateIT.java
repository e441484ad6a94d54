package io.nephos.scheduler.claim;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.DryRunRequest;
import io.nephos.contracts.scheduler.v1.DryRunResponse;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.contracts.scheduler.v1.PutAggregateRequest;
import io.nephos.contracts.scheduler.v1.RemoveAggregateRequest;
import io.nephos.contracts.scheduler.v1.ReportBuildRequest;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator says of hosts, and questions that take nothing. */
@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "scheduler"))
class HostStateIT {
    @Inject
    TwoHosts hosts;

    @BeforeEach
    void clear() throws Exception {
        hosts.clear();
    }

    @AfterEach
    void giveBack() {
        hosts.giveBack();
    }

    @Test
    void nothingNewGoesToAHostThatIsDisabled() {
        HostStatus disabled = hosts.enable("h1", false);
        assertFalse(disabled.getEnabled());
        assertEquals("maintenance", disabled.getDisabledReason());
        assertEquals(4, hosts.claimMany(8, 1, hosts.request(1)).getPlacedCount());
        assertEquals(0, hosts.used("h1"));
        assertTrue(hosts.enable("h1", true).getEnabled());
        assertEquals(4, hosts.claimMany(4, 1, hosts.request(1)).getPlacedCount());
        assertEquals(4, hosts.used("h1"));
    }

    @Test
    void anAggregatesMetadataKeepsItsHosts() {
        String aggregate = UUID.randomUUID().toString();
        ClaimRequest inIt = hosts.request(1).toBuilder()
                .addAggregates(io.nephos.contracts.scheduler.v1.AggregateChoice.newBuilder()
                        .addIds(aggregate))
                .build();
        assertEquals(0, hosts.claimMany(1, 1, inIt).getPlacedCount());
        hosts.scheduler()
                .putAggregate(PutAggregateRequest.newBuilder()
                        .setId(aggregate)
                        .setName("fast")
                        .putMetadata("ram_weight_multiplier", "2")
                        .putMetadata("availability_zone", "north")
                        .addHosts("h2")
                        .build());
        assertEquals("north", hosts.status("h2").getHost().getAvailabilityZone());
        assertEquals(
                "h2",
                hosts.claim(hosts.request(1, hosts.consumers(1).getFirst()).toBuilder()
                                .setAvailabilityZone("north")
                                .build())
                        .getPlacement()
                        .getHost());
        assertEquals(
                "h2",
                hosts.claim(inIt.toBuilder()
                                .setConsumerId(hosts.consumers(1).getFirst())
                                .build())
                        .getPlacement()
                        .getHost());
        assertTrue(hosts.scheduler()
                .removeAggregate(
                        RemoveAggregateRequest.newBuilder().setId(aggregate).build())
                .getRemoved());
        assertEquals(0, hosts.claimMany(1, 1, inIt).getPlacedCount());
        assertEquals("nova", hosts.status("h2").getHost().getAvailabilityZone());
    }

    @Test
    void aHostThatIsForcedDownIsDownAlthoughItsAgentIsHeard() {
        hosts.forceDown("h2", true);
        hosts.report("h2");
        assertFalse(hosts.status("h2").getUp());
        assertTrue(hosts.status("h2").getForcedDown());
        assertEquals(4, hosts.claimMany(5, 0, hosts.request(1)).getPlacedCount());
        assertEquals(0, hosts.used("h2"));
        assertTrue(hosts.forceDown("h2", false).getUp());
    }

    @Test
    void aHostWhereBuildsFailComesLast() {
        hosts.scheduler()
                .reportBuild(ReportBuildRequest.newBuilder().setHost("h1").build());
        assertEquals(4, hosts.claimMany(4, 4, hosts.request(1)).getPlacedCount());
        assertEquals(4, hosts.used("h2"));
    }

    @Test
    void aDryRunTellsWhereAndWhyAndTakesNothing() {
        hosts.enable("h1", false);
        DryRunResponse run = hosts.scheduler()
                .dryRun(DryRunRequest.newBuilder()
                        .setClaim(hosts.request(1, UUID.randomUUID().toString()))
                        .build());
        assertEquals(
                List.of("h2"),
                run.getCandidatesList().stream()
                        .map(io.nephos.contracts.scheduler.v1.Candidate::getHost)
                        .toList());
        assertEquals("ComputeFilter", run.getExplanation().getLosses(0).getFilter());
        assertEquals(
                List.of("ComputeFilter"),
                List.copyOf(run.getExplanation().getNearest(0).getFailedFiltersList()));
        assertEquals(0, hosts.used("h2"));
    }

    @Test
    void administratorsAskForADryRunOverHttp() {
        hosts.enable("h1", false);
        String body = "{\"claim\": {\"resources\": {\"VCPU\": 1}, \"required_traits\": [\"%s\"]}}";
        dryRun(TestTokens.admin(), "{\"claim\": {\"resources\": {\"VCPU\": 4}}}")
                .statusCode(200)
                .body("candidates.host", contains("h2"))
                .body("explanation.nearest[0].failed_filters", contains("ComputeFilter"));
        dryRun(TestTokens.admin(), body.formatted("CUSTOM_NOWHERE"))
                .statusCode(200)
                .body("explanation.summary", containsString("lack a required trait (CUSTOM_NOWHERE)"));
        dryRun(TestTokens.admin(), "{\"claim\": {\"nonsense\": 1}}").statusCode(400);
        dryRun(TestTokens.member("p"), body).statusCode(403);
    }

    private static ValidatableResponse dryRun(String token, String body) {
        return given().header("X-Auth-Token", token)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/nephos/v1/dry-run")
                .then();
    }
}
