package io.nephos.identity.audit;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.token;
import static io.nephos.identity.IdentityClient.unique;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.contracts.events.v1.AuditEvent;
import io.nephos.identity.IdentityClient;
import io.nephos.kit.event.Broker;
import io.nephos.kit.event.EventFeed;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class AuditIT {
    @Inject
    Broker broker;

    private final Queue<AuditEvent> records = new ConcurrentLinkedQueue<>();
    private EventFeed<AuditEvent> feed;

    @BeforeEach
    void listen() {
        IdentityClient.awaitReady();
        feed = new EventFeed<>(broker, AuditTrail.TOPIC, AuditEvent.getDefaultInstance(), records::add);
        feed.start();
    }

    @AfterEach
    void stop() {
        feed.stop();
    }

    @Test
    void signInsAndChangesAreRecordedWithWhoWhatFromWhereAndOutcome() throws InterruptedException {
        String admin = admin();
        String name = unique("audited");
        String user = IdentityClient.user(admin, name);
        signIn("default", name, "pw", "").then().statusCode(201);
        signIn("default", name, "wrong", "").then().statusCode(401);
        signIn("default", unique("nobody"), "wrong", "").then().statusCode(401);
        String token = token(name, "pw", "");
        as(token).delete("/v3/users/" + user).then().statusCode(403);
        given().delete("/v3/users/" + user).then().statusCode(401);
        as(admin).delete("/v3/users/" + user).then().statusCode(204);
        AuditEvent made = await("created.user", "success", user);
        assertEquals("127.0.0.1", made.getInitiator().getHost().getAddress());
        assertTrue(made.getInitiator().getRequestId().startsWith("req-"));
        assertEquals("data/security/account/user", made.getTarget().getTypeUri());
        assertFalse(made.getInitiator().getProjectId().isEmpty());
        assertEquals(user, await("authenticate", "success", user).getInitiator().getUserId());
        assertEquals("401", await("authenticate", "failure", user).getReason().getReasonCode());
        await("authenticate", "failure", "unknown");
        assertEquals(user, await("deleted.user", "failure", user).getInitiator().getId());
        assertEquals(
                made.getInitiator().getId(),
                await("deleted.user", "success", user).getInitiator().getId());
        assertTrue(records.stream()
                .anyMatch(one -> one.getAction().equals("deleted.user")
                        && one.getReason().getReasonCode().equals("401")
                        && one.getInitiator().getId().equals("unknown")));
    }

    private AuditEvent await(String action, String outcome, String target) throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            for (AuditEvent one : records) {
                if (one.getAction().equals(action)
                        && one.getOutcome().equals(outcome)
                        && one.getTarget().getId().equals(target)) {
                    return one;
                }
            }
            Thread.sleep(100);
        }
        throw new AssertionError(action + " " + outcome + " " + target + " is not among " + records);
    }
}
