package io.nephos.identity.user;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.eventually;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.unique;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import io.nephos.identity.IdentityClient;
import io.nephos.identity.keycloak.Console;
import io.nephos.testkit.Infrastructure;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.InetAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users who came to be in Keycloak, by its console or by a directory behind it, are users of the cloud. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(io.nephos.testkit.Keycloak.class)
class KeycloakUsersIT {
    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
        Console.open();
    }

    @Test
    void aUserOfTheConsoleSignsInAtOnceAndWhatIsDoneToHimThereCountsHere() {
        String admin = admin();
        String name = unique("carol");
        String id = Console.user(name, "console-pw");
        signIn("default", name, "wrong", "").then().statusCode(401);
        String token = signIn("default", name, "console-pw", "")
                .then()
                .statusCode(201)
                .body("token.user.id", equalTo(id))
                .extract()
                .header("X-Subject-Token");
        as(admin)
                .get("/v3/users/" + id)
                .then()
                .statusCode(200)
                .body("user.name", equalTo(name))
                .body("user.domain_id", equalTo("default"));

        Console.as()
                .body("{\"enabled\": false}")
                .put(Console.url("/users/" + id))
                .then()
                .statusCode(204);
        eventually(() -> as(token).get("/v3/auth/projects").statusCode() == 401);
        signIn("default", name, "console-pw", "").then().statusCode(401);
        as(admin).get("/v3/users/" + id).then().body("user.enabled", equalTo(false));

        as(admin)
                .body("{\"user\": {\"enabled\": true}}")
                .patch("/v3/users/" + id)
                .then()
                .statusCode(200);
        String again = signIn("default", name, "console-pw", "")
                .then()
                .statusCode(201)
                .extract()
                .header("X-Subject-Token");
        Console.as()
                .body("{\"type\": \"password\", \"value\": \"another\", \"temporary\": false}")
                .put(Console.url("/users/" + id + "/reset-password"))
                .then()
                .statusCode(204);
        eventually(() -> as(again).get("/v3/auth/projects").statusCode() == 401);
        signIn("default", name, "another", "").then().statusCode(201);

        Console.as()
                .body("{\"username\": \"" + name + "-x\"}")
                .put(Console.url("/users/" + id))
                .then()
                .statusCode(204);
        eventually(() -> as(admin).get("/v3/users/" + id).path("user.name").equals(name + "-x"));
        signIn("default", name + "-x", "another", "").then().statusCode(201);

        Console.as().delete(Console.url("/users/" + id)).then().statusCode(204);
        eventually(() -> as(admin).get("/v3/users/" + id).statusCode() == 404);
        IdentityClient.user(admin, name + "-x");
    }

    @Test
    void aUserOfTheConsoleAppearsWithoutEverSigningIn() {
        String admin = admin();
        String domain = IdentityClient.domain(admin, unique("d"));
        String name = unique("dave");
        Console.user(domain + "/" + name, "pw");
        eventually(() -> as(admin)
                        .get("/v3/users?domain_id=" + domain + "&name=" + name)
                        .jsonPath()
                        .getList("users")
                        .size()
                == 1);
        signIn(domain, name, "pw", "").then().statusCode(201);
        signIn("default", domain + "/" + name, "pw", "").then().statusCode(401);
    }

    @Test
    void aUserOfADirectoryBehindKeycloakSignsInToTheDomainThatItsMapperSays() throws Exception {
        String admin = admin();
        String domain = IdentityClient.domain(admin, unique("ldap"));
        String name = unique("erin");
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example,dc=com");
        config.addAdditionalBindCredentials("cn=manager", "manager");
        config.setSchema(null);
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig("ldap", InetAddress.getLoopbackAddress(), 0, null));
        try (InMemoryDirectoryServer directory = new InMemoryDirectoryServer(config)) {
            directory.startListening();
            directory.add("dn: dc=example,dc=com", "objectClass: domain", "dc: example");
            directory.add(
                    "dn: uid=" + name + ",dc=example,dc=com",
                    "objectClass: inetOrgPerson",
                    "uid: " + name,
                    "cn: Erin",
                    "sn: Example",
                    "mail: erin@example.com",
                    "entryUUID: 5f1a3c1e-0000-4000-8000-" + "%012x".formatted(name.hashCode() & 0xffffffffL),
                    "userPassword: directory-pw");
            String component = federate(directory.getListenPort(), domain);
            try {
                signIn(domain, name, "wrong", "").then().statusCode(401);
                signIn("default", name, "directory-pw", "").then().statusCode(401);
                String id = signIn(domain, name, "directory-pw", "")
                        .then()
                        .statusCode(201)
                        .extract()
                        .path("token.user.id");
                as(admin).get("/v3/users?domain_id=" + domain).then().body("users", hasSize(1));
                // A directory that may only be read refuses the new name, and it stays what it was.
                as(admin)
                        .body("{\"user\": {\"name\": \"other\"}}")
                        .patch("/v3/users/" + id)
                        .then()
                        .statusCode(403);
                as(admin).get("/v3/users/" + id).then().body("user.name", equalTo(name));
            } finally {
                Console.as().delete(Console.url("/components/" + component));
            }
        }
    }

    private static String federate(int port, String domain) {
        String component = Console.as()
                .body("""
                        {"name": "directory-%1$d", "providerId": "ldap",
                         "providerType": "org.keycloak.storage.UserStorageProvider",
                         "config": {"enabled": ["true"], "vendor": ["other"], "editMode": ["READ_ONLY"],
                          "connectionUrl": ["ldap://127.0.0.1:%1$d"], "usersDn": ["dc=example,dc=com"],
                          "authType": ["simple"], "bindDn": ["cn=manager"], "bindCredential": ["manager"],
                          "usernameLDAPAttribute": ["uid"], "rdnLDAPAttribute": ["uid"],
                          "uuidLDAPAttribute": ["entryUUID"], "userObjectClasses": ["inetOrgPerson"],
                          "importEnabled": ["true"], "pagination": ["false"], "searchScope": ["1"]}}
                        """.formatted(port))
                .post(Console.url("/components"))
                .then()
                .statusCode(201)
                .extract()
                .header("Location")
                .replaceAll(".*/", "");
        Console.as()
                .body("""
                        {"name": "domain", "providerId": "hardcoded-attribute-mapper", "parentId": "%s",
                         "providerType": "org.keycloak.storage.ldap.mappers.LDAPStorageMapper",
                         "config": {"user.model.attribute": ["domain_id"], "attribute.value": ["%s"]}}
                        """.formatted(component, domain))
                .post(Console.url("/components"))
                .then()
                .statusCode(201);
        return component;
    }
}
