package io.nephos.scheduler.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.token.Token;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Placement's API, operation by operation and microversion by microversion, as the files of resources/contract say. */
@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "scheduler"))
class ContractIT {
    private static final List<String> FILES = List.of(
            "http.yaml",
            "resource-providers.yaml",
            "provider-trees.yaml",
            "inventories.yaml",
            "resource-classes.yaml",
            "traits.yaml",
            "aggregates.yaml",
            "allocations.yaml",
            "consumers.yaml",
            "usages.yaml",
            "candidates.yaml",
            "granular-candidates.yaml",
            "reshaper.yaml",
            "policy.yaml",
            "cors.yaml");

    @TestHTTPResource("/")
    URI root;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TestFactory
    Stream<DynamicNode> placementAnswersAsItsApiSays() {
        return FILES.stream().map(file -> {
            Contract contract = new Contract(file);
            return dynamicContainer(
                    file,
                    contract.steps().stream()
                            .map(step -> dynamicTest(step.get("it").asText(), () -> exchange(contract, step))));
        });
    }

    private void exchange(Contract contract, JsonNode raw) throws IOException, InterruptedException {
        Contract.Step step = contract.step(raw);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(root.toString().replaceAll("/$", "") + step.path()))
                .method(
                        step.method(),
                        step.body()
                                .map(HttpRequest.BodyPublishers::ofString)
                                .orElseGet(HttpRequest.BodyPublishers::noBody));
        step.version().ifPresent(version -> request.header("OpenStack-API-Version", "placement " + version));
        step.headers().forEach(request::header);
        if (!step.as().equals("nobody")) {
            request.header("X-Auth-Token", token(step.as()));
        }
        HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        JsonNode answer = Contract.read(response.body());
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        assertEquals(
                List.of(),
                contract.mismatches(step, response.statusCode(), headers, answer),
                () -> step.method() + " " + step.path() + " answered "
                        + new String(response.body(), StandardCharsets.UTF_8));
        contract.keep(step, answer);
    }

    private static String token(String as) {
        return switch (as) {
            case "admin" -> TestTokens.admin();
            case "service" -> TestTokens.of("nova", "service-project", "service");
            case "reader" -> TestTokens.reader("contract-project");
            case "member" -> TestTokens.member("contract-project");
            case "system" -> ofTheSystem();
            default -> throw new IllegalArgumentException(as);
        };
    }

    private static String ofTheSystem() {
        Token admin = TestTokens.token(
                "admin", Optional.empty(), List.of("admin", "member", "reader"), Instant.now(Clock.systemUTC()));
        return TestTokens.sign(new Token(
                admin.userId(),
                admin.userDomainId(),
                admin.projectId(),
                admin.projectDomainId(),
                admin.domainId(),
                true,
                admin.roles(),
                admin.methods(),
                admin.auditIds(),
                admin.applicationCredentialId(),
                admin.trustId(),
                admin.issuedAt(),
                admin.expiresAt()));
    }
}
