package io.nephos.identity.group;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.unique;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nephos.identity.IdentityClient;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class GroupListIT {
    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
    }

    @Test
    void groupsComeInTheOrderAskedForPageByPage() {
        String admin = admin();
        String domain = as(admin)
                .body("{\"domain\": {\"name\": \"" + unique("domain") + "\"}}")
                .post("/v3/domains")
                .path("domain.id");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            names.add(unique("group"));
            as(admin)
                    .body("{\"group\": {\"name\": \"%s\", \"domain_id\": \"%s\"}}".formatted(names.getLast(), domain))
                    .post("/v3/groups")
                    .then()
                    .statusCode(201);
        }
        for (String order : List.of("asc", "desc")) {
            List<String> paged = new ArrayList<>();
            String next = "/v3/groups?limit=2&sort_key=name&sort_dir=" + order + "&domain_id=" + domain;
            while (next != null) {
                JsonPath page = as(admin).urlEncodingEnabled(false).get(next).jsonPath();
                paged.addAll(page.getList("groups.name"));
                next = page.getString("links.next");
            }
            Comparator<String> byName = Comparator.naturalOrder();
            assertEquals(
                    names.stream()
                            .sorted(order.equals("asc") ? byName : byName.reversed())
                            .toList(),
                    paged);
        }
        as(admin)
                .get("/v3/users?sort_key=password")
                .then()
                .statusCode(400)
                .body("error.message", containsString("sort_key"));
    }
}
