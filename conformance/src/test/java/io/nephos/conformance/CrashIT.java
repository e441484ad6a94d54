package io.nephos.conformance;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.nephos.conformance.Cloud.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Crash-safe: each round kills a part of the cloud ({@code kill -9}) at a random moment of servers' creation, and another of
 * their deletion. The supervisor starts it again; every server must reach ACTIVE, or ERROR with its reason, or be gone, and
 * all books must agree. The seed of a round is its name, so that a failure can be played again: {@code -Dcrash.seed=7}.
 */
class CrashIT {
    private static final List<String> VICTIMS = List.of(
            "compute-service", "scheduler-service", "network-service", "agent", "kafka", "postgres", "libvirtd");
    private static final String SIMULATED = "simulated";
    private static final String REAL = "nova";
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(180);

    /** What a round said that failed: it may have left the cloud unable to do anything, and the rounds after it say nothing. */
    private static volatile String broken = "";

    private final Cloud cloud = new Cloud();
    private final Books books = new Books();

    /** Simulated guests of a real agent: everything but QEMU is the real thing. */
    @TestFactory
    Stream<DynamicTest> simulatedGuestsSurviveACrashOfAnyPart() {
        return rounds(Integer.getInteger("crash.rounds", 30), SIMULATED, 2);
    }

    @TestFactory
    Stream<DynamicTest> realGuestsSurviveACrashOfAnyPart() {
        return rounds(Integer.getInteger("crash.real.rounds", 5), REAL, 1);
    }

    private Stream<DynamicTest> rounds(int count, String zone, int servers) {
        Integer only = Integer.getInteger("crash.seed");
        IntStream seeds = only == null ? IntStream.rangeClosed(1, count) : IntStream.of(only);
        return seeds.mapToObj(
                seed -> DynamicTest.dynamicTest(zone + " guests, seed " + seed, () -> round(seed, zone, servers)));
    }

    private void round(int seed, String zone, int servers) {
        assertTrue(broken.isEmpty(), () -> "Not played, for the cloud may be as this left it: " + broken);
        Random random = new Random(seed * 31L + zone.hashCode());
        String victim = victim(random, zone);
        String second = victim(random, zone);
        List<String> story = new ArrayList<>();
        try {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(servers); i++) {
                ids.add(create("crash-" + zone + "-" + seed + "-" + i, zone));
            }
            sleep(random.nextInt(zone.equals(REAL) ? 8000 : 2500));
            story.add("killed " + victim + " while creating " + ids);
            Cloud.kill(victim);
            for (String id : ids) {
                story.add(id + " became " + await("a final state of " + id, () -> finalState(id)));
            }
            for (String id : ids) {
                await("the deletion of " + id + " to be accepted", () -> accepted(cloud.delete(server(id))));
            }
            sleep(random.nextInt(1500));
            story.add("killed " + second + " while deleting");
            Cloud.kill(second);
            for (String id : ids) {
                await(id + " to be gone", () -> cloud.get(server(id)).status() == 404 ? "gone" : "");
            }
            List<String> wrong = settledBooks();
            assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
        } catch (AssertionError e) {
            broken = "seed " + seed + " (" + zone + ")";
            fail(
                    "Seed " + seed + " (" + zone + "): " + String.join("; ", story) + "\n" + e.getMessage() + "\n"
                            + Illness.of("target/crash"),
                    e);
        }
    }

    // A host's own parts are those of the hosts where such guests run; simulated ones have no libvirt.
    private static String victim(Random random, String zone) {
        String victim = VICTIMS.get(random.nextInt(VICTIMS.size()));
        int host = zone.equals(SIMULATED) ? 3 : 1 + random.nextInt(2);
        return switch (victim) {
            case "agent" -> "agent-" + host;
            case "libvirtd" -> zone.equals(SIMULATED) ? "agent-" + host : "libvirtd-" + host;
            default -> victim;
        };
    }

    private String create(String name, String zone) {
        String network = one(Cloud.NETWORK + "/networks?name=private", "networks");
        String image = one(Cloud.IMAGE + "/images?name=tiny", "images");
        String flavor = await("the flavor", () -> {
            for (var each : cloud.get(Cloud.COMPUTE + "/flavors").body().path("flavors")) {
                if (each.path("name").asText().equals("tiny")) {
                    return each.path("id").asText();
                }
            }
            return "";
        });
        return await("server " + name + " to be accepted", () -> {
            for (var each :
                    cloud.get(Cloud.COMPUTE + "/servers?name=" + name).body().path("servers")) {
                return each.path("id").asText();
            }
            return cloud.post(
                            Cloud.COMPUTE + "/servers",
                            Map.of(
                                    "server",
                                    Map.of(
                                            "name", name,
                                            "imageRef", image,
                                            "flavorRef", flavor,
                                            "availability_zone", zone,
                                            "networks", List.of(Map.of("uuid", network)))))
                    .body()
                    .path("server")
                    .path("id")
                    .asText();
        });
    }

    private String one(String url, String collection) {
        return await(
                url,
                () -> cloud.get(url).body().path(collection).path(0).path("id").asText());
    }

    private String finalState(String id) {
        Answer answer = cloud.get(server(id));
        String status = answer.body().path("server").path("status").asText();
        return switch (status) {
            case "ACTIVE" -> status;
            case "ERROR" -> {
                String reason = answer.body()
                        .path("server")
                        .path("fault")
                        .path("message")
                        .asText();
                assertFalse(reason.isEmpty(), id + " is in ERROR without a reason");
                yield "ERROR (" + reason + ")";
            }
            default -> "";
        };
    }

    private static String accepted(Answer answer) {
        return answer.status() == 204 || answer.status() == 404 ? "accepted" : "";
    }

    private List<String> settledBooks() {
        Instant end = Instant.now().plus(SETTLES_WITHIN);
        List<String> wrong;
        do {
            try {
                wrong = books.disagreements();
            } catch (IllegalStateException cannotBeRead) {
                wrong = List.of(String.valueOf(cannotBeRead.getMessage()));
            }
            if (wrong.isEmpty()) {
                return wrong;
            }
            sleep(1000);
        } while (Instant.now().isBefore(end));
        return wrong;
    }

    private static String server(String id) {
        return Cloud.COMPUTE + "/servers/" + id;
    }

    private static String await(String what, Supplier<String> answer) {
        Instant end = Instant.now().plus(SETTLES_WITHIN);
        while (Instant.now().isBefore(end)) {
            String known = answer.get();
            if (!known.isEmpty()) {
                return known;
            }
            sleep(250);
        }
        return fail("In " + SETTLES_WITHIN.toSeconds() + " s there was no end of waiting for " + what);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
