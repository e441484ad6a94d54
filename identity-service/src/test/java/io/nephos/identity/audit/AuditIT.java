package io.nephos.identity.audit;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.byCredential;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.project;
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
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
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

    @Test
    void noSecretIsInALogAnEventOrAnAuditRecord() throws InterruptedException {
        String password = "planted-" + UUID.randomUUID();
        String second = "planted-" + UUID.randomUUID();
        String wrong = "planted-" + UUID.randomUUID();
        Log log = new Log();
        Logger root = Logger.getLogger("");
        Level before = root.getLevel();
        root.addHandler(log);
        Logger ours = Logger.getLogger("io.nephos");
        ours.setLevel(Level.ALL);
        Stream<String> secrets;
        try {
            String admin = admin();
            String name = unique("planted-user");
            String user = as(admin)
                    .body(Map.of("user", Map.of("name", name, "password", password)))
                    .post("/v3/users")
                    .path("user.id");
            String project = project(admin, unique("p"));
            grant(admin, user, project, "member");
            String token = token(name, password, onProject(project));
            signIn("default", name, wrong, "").then().statusCode(401);
            signIn("default", wrong, wrong, "").then().statusCode(401);
            as(admin).body("{\"user\": {\"password\": \"" + second + "\", ").patch("/v3/users/" + user);
            as(admin).body("{\"user\": {\"password\": [\"" + second + "\"]}}").patch("/v3/users/" + user);
            Response credential = as(token)
                    .body("{\"application_credential\": {\"name\": \"ac\"}}")
                    .post("/v3/users/" + user + "/application_credentials");
            String secret = credential.path("application_credential.secret");
            String theirs = byCredential(credential.path("application_credential.id"), secret)
                    .header("X-Subject-Token");
            byCredential(credential.path("application_credential.id"), secret + "x");
            as(token + "x").get("/v3/users");
            as(admin)
                    .header("X-Subject-Token", theirs)
                    .get("/v3/auth/tokens")
                    .then()
                    .statusCode(200);
            given().contentType("application/json")
                    .body(Map.of("user", Map.of("original_password", password, "password", second)))
                    .post("/v3/users/" + user + "/password")
                    .then()
                    .statusCode(204);
            as(admin).header("X-Subject-Token", theirs).delete("/v3/auth/tokens");
            as(admin).delete("/v3/users/" + user).then().statusCode(204);
            await("deleted.user", "success", user);
            secrets = Stream.of(
                    password,
                    second,
                    wrong,
                    IdentityClient.ADMIN_PASSWORD,
                    secret,
                    signature(token),
                    signature(theirs),
                    signature(admin));
        } finally {
            root.removeHandler(log);
            root.setLevel(before);
            ours.setLevel(null);
        }
        List<String> said = Stream.concat(log.lines.stream(), events()).toList();
        assertTrue(said.size() > 10, "there is something to look through");
        secrets.forEach(secret ->
                said.forEach(line -> assertFalse(line.contains(secret), () -> line.replace(secret, "<the secret>"))));
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    /** Everything that identity ever told, whatever the topic. */
    private Stream<String> events() {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> all = consumer.listTopics(Duration.ofSeconds(10)).entrySet().stream()
                    .filter(topic -> topic.getKey().startsWith(broker.named("nephos.")))
                    .flatMap(topic ->
                            topic.getValue().stream().map(part -> new TopicPartition(part.topic(), part.partition())))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            Stream.Builder<String> texts = Stream.builder();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, String> one : consumer.poll(Duration.ofMillis(200))) {
                    texts.add(one.key() + one.value());
                    one.headers().forEach(header -> texts.add(new String(header.value())));
                }
            }
            return texts.build();
        }
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

    private static final class Log extends Handler {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord entry) {
            StringWriter text = new StringWriter();
            text.append(String.valueOf(entry.getMessage()));
            for (Object parameter : entry.getParameters() == null ? new Object[0] : entry.getParameters()) {
                text.append(' ').append(String.valueOf(parameter));
            }
            if (entry.getThrown() != null) {
                entry.getThrown().printStackTrace(new PrintWriter(text));
            }
            lines.add(text.toString());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
