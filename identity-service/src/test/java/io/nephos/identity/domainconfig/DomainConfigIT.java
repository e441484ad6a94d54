package io.nephos.identity.domainconfig;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.unique;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.nephos.identity.IdentityClient;
import io.nephos.kit.data.Database;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.parsing.Parser;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class DomainConfigIT {
    private static final String BASE = "https://docs.openstack.org/api/openstack-identity/3/";

    @Inject
    Database db;

    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
    }

    @Test
    void aDomainKeepsItsOptionsAndNeverShowsAPassword() {
        String admin = admin();
        String domain = as(admin)
                .body("{\"domain\": {\"name\": \"" + unique("domain") + "\"}}")
                .post("/v3/domains")
                .path("domain.id");
        String config = "/v3/domains/" + domain + "/config";
        as(admin).get(config).then().statusCode(404);
        as(admin)
                .body("{\"config\": {\"ldap\": {\"url\": \"ldap://a\", \"password\": \"planted-secret\"}}}")
                .put(config)
                .then()
                .statusCode(201)
                .body("config.ldap", not(hasKey("password")));
        String kept = db.rows("select value from domain_config where domain_id = $1 and sensitive", domain)
                .getFirst()
                .getString(0);
        assertFalse(kept.contains("planted"), kept);
        as(admin).get(config + "/ldap/password").then().statusCode(404);
        as(admin)
                .body("{\"config\": {\"url\": \"ldap://b\"}}")
                .patch(config + "/ldap/url")
                .then()
                .statusCode(200)
                .body("config.ldap.url", equalTo("ldap://b"));
        as(admin).get(config + "/ldap/url").then().body("config.url", equalTo("ldap://b"));
        as(admin)
                .body("{\"config\": {\"token\": {\"x\": 1}}}")
                .patch(config)
                .then()
                .statusCode(403);
        as(admin).delete(config + "/identity").then().statusCode(404);
        as(admin).delete(config).then().statusCode(204);
        as(admin).get("/v3/domains/config/ldap/query_scope/default").then().body("config.query_scope", equalTo("one"));
        as(admin)
                .get("/v3/domains/default/config/security_compliance/password_regex")
                .then()
                .body("config.password_regex", nullValue());
    }

    @Test
    void jsonHomeHasWhatIsAnsweredAndNothingElse() {
        given().accept("application/json-home")
                .get("/v3")
                .then()
                .using()
                .parser("application/json-home", Parser.JSON)
                .statusCode(200)
                .contentType("application/json-home")
                .body("resources", hasKey(BASE + "rel/users"))
                .body("resources", hasKey(BASE + "rel/domain_config_option"))
                .body("resources", hasKey(BASE + "ext/OS-INHERIT/1.0/rel/project_user_role_inherited_to_projects"))
                .body("resources", not(hasKey(BASE + "rel/policies")));
        given().get("/v3").then().contentType("application/json");
        given().accept("application/json-home").get("/").then().statusCode(200).contentType("application/json-home");
    }
}
