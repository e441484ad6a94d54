package io.nephos.identity.endpointfilter;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.project;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.IdentityClient.user;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;

import io.nephos.identity.IdentityClient;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class EndpointFilterIT {
    private static final String FILTER = "/v3/OS-EP-FILTER";

    private String admin;
    private String user;
    private String project;

    @BeforeEach
    void aMember() {
        IdentityClient.awaitReady();
        admin = admin();
        user = unique("user");
        project = project(admin, unique("project"));
        grant(admin, user(admin, user), project, "member");
    }

    @Test
    void aProjectWithEndpointsOfItsOwnSeesNoOthersInItsCatalog() {
        catalog().body("token.catalog.type", hasItems("identity", "compute"));
        String compute = as(admin).get("/v3/services?type=compute").path("services[0].id");
        String endpoint = as(admin)
                .get("/v3/endpoints?interface=internal&service_id=" + compute)
                .path("endpoints[0].id");
        String association = FILTER + "/projects/" + project + "/endpoints/" + endpoint;
        as(admin).get(association).then().statusCode(404);
        as(admin).put(association).then().statusCode(204);
        as(admin).put(association).then().statusCode(204);
        catalog()
                .body("token.catalog.type", contains("compute"))
                .body("token.catalog[0].endpoints.interface", contains("internal"));
        as(admin).get(FILTER + "/endpoints/" + endpoint + "/projects").then().body("projects.id", hasItem(project));
        as(admin).delete(association).then().statusCode(204);
        as(admin).delete(association).then().statusCode(404);
        catalog().body("token.catalog.type", hasItems("identity", "compute"));
    }

    @Test
    void aGroupMeansTheEndpointsThatItsFiltersFit() {
        String group = as(admin)
                .body("{\"endpoint_group\": {\"name\": \"inner\", \"filters\": {\"interface\": \"internal\"}}}")
                .post(FILTER + "/endpoint_groups")
                .then()
                .statusCode(201)
                .extract()
                .path("endpoint_group.id");
        String association = FILTER + "/endpoint_groups/" + group + "/projects/" + project;
        as(admin).put(association).then().statusCode(204);
        as(admin).put(association).then().statusCode(409);
        as(admin).get(association).then().body("project_endpoint_group.project_id", equalTo(project));
        as(admin)
                .get(FILTER + "/projects/" + project + "/endpoint_groups")
                .then()
                .body("endpoint_groups.id", contains(group));
        catalog().body("token.catalog.type", hasSize(2)).body("token.catalog[0].endpoints", hasSize(1));
        as(admin)
                .body("{\"endpoint_group\": {\"filters\": {\"interface\": \"outer\"}}}")
                .patch(FILTER + "/endpoint_groups/" + group)
                .then()
                .statusCode(400)
                .body("error.message", containsString("endpoint_group.filters.interface"));
        as(admin).delete(FILTER + "/endpoint_groups/" + group).then().statusCode(204);
        as(admin).get(association).then().statusCode(404);
        catalog().body("token.catalog[0].endpoints", hasSize(3));
    }

    private ValidatableResponse catalog() {
        return signIn("default", user, "pw", onProject(project)).then().statusCode(201);
    }
}
