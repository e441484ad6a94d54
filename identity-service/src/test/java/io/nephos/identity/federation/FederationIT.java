package io.nephos.identity.federation;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.eventually;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.project;
import static io.nephos.identity.IdentityClient.role;
import static io.nephos.identity.IdentityClient.unique;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.identity.IdentityClient;
import io.nephos.identity.keycloak.Console;
import io.nephos.testkit.Infrastructure;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sign-in by the realm's own access tokens, by those of a provider behind it, and by a browser. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(io.nephos.testkit.Keycloak.class)
class FederationIT {
    private static final String DASHBOARD = "http://dashboard.test/auth/websso/";

    @ConfigProperty(name = "nephos.keycloak.client-secret")
    String clientSecret;

    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
        Console.open();
        eventually(() -> !Console.as()
                .get(Console.url("/clients?clientId=openstack"))
                .jsonPath()
                .getList("$")
                .isEmpty());
    }

    @AfterEach
    void giveKeycloakBack() {
        io.nephos.testkit.Keycloak.giveBack();
    }

    @Test
    void anAccessTokenOfTheRealmSignsInItsUserWhoIsTheSameByPassword() {
        String admin = admin();
        String name = unique("u");
        String user = IdentityClient.user(admin, name);
        String project = project(admin, unique("p"));
        grant(admin, user, project, "member");
        Response signedIn = Console.tokens("openstack", "", "default/" + name, "pw");
        String bearer = signedIn.path("access_token");
        String idToken = signedIn.path("id_token");
        auth("keycloak", "openid", idToken).then().statusCode(201).body("token.user.id", equalTo(user));
        auth("keycloak", "openid", signedIn.path("refresh_token")).then().statusCode(401);
        String unscoped = auth("keycloak", "openid", bearer)
                .then()
                .statusCode(201)
                .body("token.user.id", equalTo(user))
                .body("token.methods", equalTo(List.of("openid")))
                .body("token.project", nullValue())
                .body("token.user.'OS-FEDERATION'", nullValue())
                .extract()
                .header("X-Subject-Token");
        as(unscoped).get("/v3/OS-FEDERATION/projects").then().statusCode(200).body("projects.id", hasItem(project));
        as(unscoped).get("/v3/OS-FEDERATION/domains").then().statusCode(200).body("domains", hasSize(0));
        rescope(unscoped, project).then().statusCode(201).body("token.roles.name", hasItem("member"));

        auth("keycloak", "openid", bearer.substring(0, bearer.length() - 4) + "AAAA")
                .then()
                .statusCode(401);
        auth("keycloak", "openid", "x").then().statusCode(401);
        auth("keycloak", "saml2", bearer).then().statusCode(404);
        auth("nobody", "openid", bearer).then().statusCode(404);
        given().post("/v3/OS-FEDERATION/identity_providers/keycloak/protocols/openid/auth")
                .then()
                .statusCode(401);
        // Made for another application, which must not be able to sign in as its users here.
        String others = Console.token("identity-service", clientSecret, "default/" + name, "pw");
        auth("keycloak", "openid", others).then().statusCode(401);

        // He came to be in Keycloak a moment ago, and nobody here has seen him yet.
        String fresh = unique("fresh");
        String id = Console.user(fresh, "pw");
        auth("keycloak", "openid", Console.token("openstack", "", fresh, "pw"))
                .then()
                .statusCode(201)
                .body("token.user.id", equalTo(id));

        Console.as()
                .body("{\"enabled\": false}")
                .put(Console.url("/users/" + user))
                .then()
                .statusCode(204);
        auth("keycloak", "openid", bearer).then().statusCode(401);
        auth("keycloak", "openid", idToken).then().statusCode(401);
        io.nephos.testkit.Keycloak.takeAway();
        auth("keycloak", "openid", bearer).then().statusCode(503).header("Retry-After", notNullValue());
    }

    @Test
    void aProviderBehindKeycloakVouchesForUsersWhomTheMappingMakes() {
        String admin = admin();
        String idp = unique("corp");
        String group = as(admin)
                .body("{\"group\": {\"name\": \"" + unique("devs") + "\"}}")
                .post("/v3/groups")
                .path("group.id");
        String project = project(admin, unique("p"));
        as(admin)
                .put("/v3/projects/" + project + "/groups/" + group + "/roles/" + role(admin, "member"))
                .then()
                .statusCode(204);
        try (Provider provider = new Provider(idp)) {
            provider.brokered();
            as(admin)
                    .body("""
                            {"identity_provider": {"enabled": true, "remote_ids": ["%s"]}}
                            """.formatted(provider.issuer()))
                    .put("/v3/OS-FEDERATION/identity_providers/" + idp)
                    .then()
                    .statusCode(201);
            as(admin)
                    .body("""
                            {"mapping": {"rules": [
                              {"local": [{"user": {"name": "{0}", "email": "{1}"},
                                          "projects": [{"name": "home of {0}", "roles": [{"name": "member"}]}]}],
                               "remote": [{"type": "OIDC-preferred_username"}, {"type": "HTTP_OIDC_EMAIL"}]},
                              {"local": [{"group": {"id": "%s"}}],
                               "remote": [{"type": "OIDC-groups", "any_one_of": ["dev"]}]}]}}
                            """.formatted(group))
                    .put("/v3/OS-FEDERATION/mappings/" + idp)
                    .then()
                    .statusCode(201);
            as(admin)
                    .body("{\"protocol\": {\"mapping_id\": \"" + idp + "\"}}")
                    .put("/v3/OS-FEDERATION/identity_providers/" + idp + "/protocols/openid")
                    .then()
                    .statusCode(201);
            Map<String, Object> bob = Map.of(
                    "sub", "b", "preferred_username", "bob", "email", "bob@example.com", "groups", List.of("dev", "x"));
            Response signedIn = auth(idp, "openid", provider.signed("broker", bob));
            String user = signedIn.then()
                    .statusCode(201)
                    .body("token.user.name", equalTo("bob"))
                    .body("token.user.'OS-FEDERATION'.identity_provider.id", equalTo(idp))
                    .body("token.user.'OS-FEDERATION'.protocol.id", equalTo("openid"))
                    .body("token.user.'OS-FEDERATION'.groups.id", equalTo(List.of(group)))
                    .extract()
                    .path("token.user.id");
            String unscoped = signedIn.header("X-Subject-Token");
            rescope(unscoped, project)
                    .then()
                    .statusCode(201)
                    .body("token.roles.name", hasItems("member", "reader"))
                    .body("token.methods", hasItems("openid", "token"))
                    .body("token.user.'OS-FEDERATION'.identity_provider.id", equalTo(idp));
            List<String> homes = as(unscoped).get("/v3/auth/projects").path("projects.name");
            assertTrue(homes.contains("home of bob"), homes.toString());
            as(admin)
                    .get("/v3/users/" + user)
                    .then()
                    .body("user.federated[0].idp_id", equalTo(idp))
                    .body("user.federated[0].protocols[0].unique_id", equalTo("bob"))
                    .body("user.email", equalTo("bob@example.com"));
            as(admin).get("/v3/users?idp_id=" + idp).then().body("users.id", equalTo(List.of(user)));

            // The next time he is no longer one of them.
            Map<String, Object> moved =
                    Map.of("sub", "b", "preferred_username", "bob", "email", "bob@example.com", "groups", List.of("x"));
            String later = auth(idp, "openid", provider.signed("broker", moved))
                    .then()
                    .statusCode(201)
                    .body("token.user.id", equalTo(user))
                    .extract()
                    .header("X-Subject-Token");
            rescope(later, project).then().statusCode(401);

            auth(idp, "openid", provider.signed("another application", bob))
                    .then()
                    .statusCode(401);
            auth("keycloak", "openid", provider.signed("broker", bob)).then().statusCode(403);
            auth(idp, "openid", provider.signed("broker", Map.of("sub", "nameless")))
                    .then()
                    .statusCode(401);
            as(admin)
                    .body("{\"identity_provider\": {\"enabled\": false}}")
                    .patch("/v3/OS-FEDERATION/identity_providers/" + idp)
                    .then()
                    .statusCode(200);
            auth(idp, "openid", provider.signed("broker", bob)).then().statusCode(403);
            as(later).get("/v3/auth/projects").then().statusCode(401);
            as(admin)
                    .delete("/v3/OS-FEDERATION/identity_providers/" + idp)
                    .then()
                    .statusCode(204);
            as(admin).get("/v3/users/" + user).then().statusCode(404);
        }
    }

    @Test
    void aBrowserGoesToKeycloakAndComesBackWithATokenForTheDashboard() {
        String admin = admin();
        String name = unique("w");
        String user = IdentityClient.user(admin, name);
        String here = "http://localhost:" + RestAssured.port;
        allowRedirectsTo(here + "/v3/auth/OS-FEDERATION/*");
        given().redirects()
                .follow(false)
                .get("/v3/auth/OS-FEDERATION/websso/openid?origin=http://evil.test/")
                .then()
                .statusCode(401);
        given().get("/v3/auth/OS-FEDERATION/websso/openid").then().statusCode(400);

        Browser browser = new Browser();
        Browser.Page login = browser.open(here + "/v3/auth/OS-FEDERATION/websso/openid?origin=" + DASHBOARD);
        Browser.Page back = browser.submit(
                found(login.html(), "action=\"([^\"]+)\"").replace("&amp;", "&"),
                Map.of("username", "default/" + name, "password", "pw"));
        assertEquals(200, back.status(), back.html());
        assertEquals(DASHBOARD, found(back.html(), "action=\"([^\"]+)\""));
        String token = found(back.html(), "name=\"token\" id=\"token\" value=\"([^\"]+)\"");
        as(token)
                .header("X-Subject-Token", token)
                .get("/v3/auth/tokens")
                .then()
                .statusCode(200)
                .body("token.user.id", equalTo(user));
        // The code has been used, and the state belongs to that browser.
        assertEquals(401, new Browser().open(back.at().toString()).status());
    }

    @Test
    void aBrowserIsSentOnToTheProviderBehindKeycloakWhoseUserBecomesOneHere() {
        String admin = admin();
        String idp = unique("broker");
        String here = "http://localhost:" + RestAssured.port;
        allowRedirectsTo(here + "/v3/auth/OS-FEDERATION/*");
        try (Provider provider = new Provider(idp)) {
            provider.brokered();
            provider.user = unique("frank");
            Browser.Page back = new Browser().open(here + "/v3/auth/OS-FEDERATION/websso/openid?origin=" + DASHBOARD);
            String chosen = found(back.html(), "href=\"([^\"]+/broker/" + idp + "/login[^\"]*)\"");
            assertTrue(chosen.contains(idp), back.html());
            Browser fresh = new Browser();
            String keycloak = Console.url("").replaceAll("/admin/.*", "");
            as(admin)
                    .body("{\"identity_provider\": {\"enabled\": true}}")
                    .put("/v3/OS-FEDERATION/identity_providers/" + idp)
                    .then()
                    .statusCode(201);
            Browser.Page login = fresh.open(here + "/v3/auth/OS-FEDERATION/websso/openid?origin=" + DASHBOARD);
            Browser.Page done = fresh.open(keycloak
                    + found(login.html(), "href=\"([^\"]+/broker/" + idp + "/login[^\"]*)\"")
                            .replace("&amp;", "&")
                            .replaceFirst("^https?://[^/]+", ""));
            String token = found(done.html(), "name=\"token\" id=\"token\" value=\"([^\"]+)\"");
            as(token)
                    .header("X-Subject-Token", token)
                    .get("/v3/auth/tokens")
                    .then()
                    .statusCode(200)
                    .body("token.user.name", equalTo(provider.user));
            as(admin).get("/v3/users?name=" + provider.user).then().body("users", hasSize(1));
        }
    }

    @Test
    void providersProtocolsAndMappingsAreKeptAndRefusedAsInKeystone() {
        String admin = admin();
        String id = unique("idp");
        String provider = "/v3/OS-FEDERATION/identity_providers/" + id;
        String mapping = "/v3/OS-FEDERATION/mappings/" + id;
        String good = "{\"mapping\": {\"rules\": [{\"local\": [{\"user\": {\"name\": \"{0}\"}}],"
                + " \"remote\": [{\"type\": \"a\"}]}]}}";
        as(admin)
                .body("{\"identity_provider\": {\"remote_ids\": [\"" + id + "\"], \"authorization_ttl\": 5}}")
                .put(provider)
                .then()
                .statusCode(201)
                .body("identity_provider.enabled", equalTo(false))
                .body("identity_provider.authorization_ttl", equalTo(5))
                .body("identity_provider.domain_id", notNullValue());
        as(admin).body("{\"identity_provider\": {}}").put(provider).then().statusCode(409);
        as(admin)
                .body("{\"identity_provider\": {\"remote_ids\": [\"" + id + "\"]}}")
                .put(provider + "-2")
                .then()
                .statusCode(409);
        as(admin)
                .body("{\"identity_provider\": {\"domain_id\": \"nowhere\"}}")
                .put(provider + "-2")
                .then()
                .statusCode(404);
        as(admin)
                .body("{\"identity_provider\": {\"colour\": \"red\"}}")
                .put(provider + "-2")
                .then()
                .statusCode(400);
        as(admin)
                .get("/v3/OS-FEDERATION/identity_providers?id=" + id)
                .then()
                .body("identity_providers.remote_ids", equalTo(List.of(List.of(id))));
        as(admin)
                .body("{\"protocol\": {\"mapping_id\": \"" + id + "\"}}")
                .put(provider + "/protocols/mapped")
                .then()
                .statusCode(400);
        as(admin).body(good).put(mapping).then().statusCode(201).body("mapping.rules", hasSize(1));
        as(admin).body(good).put(mapping).then().statusCode(409);
        as(admin).body("{\"mapping\": {\"rules\": []}}").patch(mapping).then().statusCode(400);
        as(admin)
                .body("{\"protocol\": {\"mapping_id\": \"" + id + "\"}}")
                .put(provider + "/protocols/mapped")
                .then()
                .statusCode(201)
                .body("protocol.mapping_id", equalTo(id));
        as(admin).get(provider + "/protocols").then().body("protocols.id", equalTo(List.of("mapped")));
        as(admin).head(provider).then().statusCode(200);
        String name = unique("known");
        String user = IdentityClient.user(admin, name);
        as(admin)
                .body("""
                        {"user": {"federated": [{"idp_id": "%s", "protocols": [
                          {"protocol_id": "mapped", "unique_id": "%s"}]}]}}
                        """.formatted(id, name))
                .patch("/v3/users/" + user)
                .then()
                .statusCode(200)
                .body("user.federated[0].protocols[0].unique_id", equalTo(name));
        as(admin).delete(provider + "/protocols/mapped").then().statusCode(204);
        as(admin).delete(mapping).then().statusCode(204);
        as(admin).delete(provider).then().statusCode(204);
        as(admin).get(provider).then().statusCode(404);
        as(admin).get("/v3/users/" + user).then().statusCode(200).body("user.federated", hasSize(0));
        as(admin).get("/v3/OS-FEDERATION/service_providers").then().statusCode(404);
        as(admin).get("/v3/OS-FEDERATION/saml2/metadata").then().statusCode(404);
    }

    private static void allowRedirectsTo(String pattern) {
        Response client = Console.as().get(Console.url("/clients?clientId=openstack"));
        String id = client.path("[0].id");
        Console.as()
                .body("{\"clientId\": \"openstack\", \"redirectUris\": [\"" + pattern + "\"]}")
                .put(Console.url("/clients/" + id))
                .then()
                .statusCode(204);
    }

    private static Response auth(String idp, String protocol, String bearer) {
        return given().header("Authorization", "Bearer " + bearer)
                .post("/v3/OS-FEDERATION/identity_providers/" + idp + "/protocols/" + protocol + "/auth");
    }

    private static Response rescope(String token, String project) {
        return given().contentType(ContentType.JSON)
                .body("""
                        {"auth": {"identity": {"methods": ["token"], "token": {"id": "%s"}}, "scope": %s}}
                        """.formatted(token, onProject(project)))
                .post("/v3/auth/tokens");
    }

    private static String found(String html, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(html);
        assertTrue(matcher.find(), html);
        return matcher.group(1);
    }
}
