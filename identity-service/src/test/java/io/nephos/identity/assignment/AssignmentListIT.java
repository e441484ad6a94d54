package io.nephos.identity.assignment;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.project;
import static io.nephos.identity.IdentityClient.role;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.IdentityClient.user;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.identity.IdentityClient;
import io.nephos.kit.data.Database;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class AssignmentListIT {
    @Inject
    Database db;

    private String admin;

    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
        admin = admin();
    }

    @Test
    void effectiveRolesSayWhereTheyComeFrom() {
        String user = user(admin, unique("user"));
        String above = project(admin, unique("above"));
        String below = as(admin)
                .body("{\"project\": {\"name\": \"%s\", \"parent_id\": \"%s\"}}".formatted(unique("below"), above))
                .post("/v3/projects")
                .path("project.id");
        String group = as(admin)
                .body("{\"group\": {\"name\": \"" + unique("group") + "\"}}")
                .post("/v3/groups")
                .path("group.id");
        as(admin).put("/v3/groups/" + group + "/users/" + user).then().statusCode(204);
        as(admin)
                .put("/v3/OS-INHERIT/projects/" + above + "/groups/" + group + "/roles/" + role(admin, "member")
                        + "/inherited_to_projects")
                .then()
                .statusCode(204);
        grant(admin, user, above, "reader");
        String list = "/v3/role_assignments?include_names&effective&user.id=" + user;
        as(admin)
                .get(list + "&scope.project.id=" + below)
                .then()
                .body("role_assignments.role.name", containsInAnyOrder("member", "reader"))
                .body("role_assignments[0].scope.'OS-INHERIT:inherited_to'", equalTo("projects"))
                .body("role_assignments[0].scope.project.domain.name", equalTo("Default"));
        as(admin).get(list + "&scope.project.id=" + above).then().body("role_assignments.size()", equalTo(1));
        as(admin)
                .get(list + "&include_subtree&scope.project.id=" + above)
                .then()
                .body("role_assignments.size()", equalTo(3));
        as(admin).get(list + "&role.id=" + role(admin, "reader")).then().body("role_assignments.size()", equalTo(2));
        as(admin)
                .get("/v3/role_assignments?group.id=" + group)
                .then()
                .body("role_assignments.group.id", equalTo(List.of(group)));
    }

    @Test
    void pagesTogetherAreTheWhole() {
        String project = project(admin, unique("project"));
        for (int i = 0; i < 3; i++) {
            grant(admin, user(admin, unique("user")), project, "manager");
        }
        for (String list : List.of(
                "/v3/role_assignments?scope.project.id=" + project,
                "/v3/role_assignments?effective&include_names&scope.project.id=" + project,
                "/v3/role_assignments?effective&role.id=" + role(admin, "reader") + "&scope.project.id=" + project)) {
            List<Map<String, Object>> whole = as(admin).get(list).jsonPath().getList("role_assignments");
            List<Map<String, Object>> paged = new ArrayList<>();
            String next = list + "&limit=2";
            while (next != null) {
                JsonPath page = as(admin).urlEncodingEnabled(false).get(next).jsonPath();
                assertTrue(page.getList("role_assignments").size() <= 2);
                paged.addAll(page.getList("role_assignments"));
                next = page.getString("links.next");
            }
            assertEquals(whole, paged);
        }
        as(admin).get("/v3/role_assignments?effective&marker=wrong").then().statusCode(400);
    }

    @Test
    void aListThatIsLongIsWrittenAsItIsRead() {
        String project = project(admin, unique("project"));
        db.execute(
                "insert into assignment select 'user/many-' || i || '/project/' || $1 || '/' || $2 || '/direct', 'user',"
                        + " 'many-' || i, 'project', $1, $2, false from generate_series(1, 2500) i",
                project,
                role(admin, "reader"));
        JsonPath all = as(admin)
                .get("/v3/role_assignments?scope.project.id=" + project)
                .then()
                .statusCode(200)
                .contentType("application/json")
                .extract()
                .jsonPath();
        List<String> users = all.getList("role_assignments.user.id");
        assertEquals(2500, users.size());
        assertEquals(2500, new HashSet<>(users).size());
        assertTrue(all.getString("links.self").contains("/v3/role_assignments"));
        JsonPath some = as(admin)
                .get("/v3/role_assignments?limit=1500&scope.project.id=" + project)
                .jsonPath();
        assertEquals(1500, some.getList("role_assignments").size());
        assertTrue(some.getString("links.next").contains("marker="));
    }
}
