package io.nephos.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.StreamSupport;
import org.jclouds.ContextBuilder;
import org.jclouds.openstack.keystone.auth.config.CredentialTypes;
import org.jclouds.openstack.keystone.config.KeystoneProperties;
import org.jclouds.openstack.keystone.v3.KeystoneApi;
import org.jclouds.openstack.nova.v2_0.NovaApi;
import org.jclouds.rest.AuthorizationException;
import org.junit.jupiter.api.Test;
import org.openstack4j.api.OSClient.OSClientV3;
import org.openstack4j.api.exceptions.AuthenticationException;
import org.openstack4j.model.common.Identifier;
import org.openstack4j.openstack.OSFactory;

/** Sign-in, and a first look around, through openstack4j and jclouds as they come from Maven Central. */
class ClientsIT {
    private static final String KEYSTONE = Cloud.IDENTITY + "/v3";
    private static final Identifier DEFAULT = Identifier.byName("Default");
    private static final Identifier PROJECT = Identifier.byName("admin");

    @Test
    void openstack4jSignsInByPasswordAndFindsItsWayByTheCatalog() {
        OSClientV3 client = openstack4j();
        assertEquals("admin", client.getToken().getUser().getName());
        assertEquals("admin", client.getToken().getProject().getName());
        assertTrue(client.getToken().getRoles().stream().anyMatch(role -> "admin".equals(role.getName())));
        assertFalse(client.identity().users().list().isEmpty());
        assertTrue(client.identity().projects().list().stream().anyMatch(project -> "admin".equals(project.getName())));
        assertFalse(client.compute().flavors().list().isEmpty());
        assertFalse(client.networking().network().list().isEmpty());
    }

    @Test
    void openstack4jScopesATokenAnewAndIsRefusedAWrongPassword() {
        String project = openstack4j().getToken().getProject().getId();
        OSClientV3 unscoped = OSFactory.builderV3()
                .endpoint(KEYSTONE)
                .credentials("admin", Cloud.secret("admin"), DEFAULT)
                .authenticate();
        OSClientV3 scoped = OSFactory.builderV3()
                .endpoint(KEYSTONE)
                .token(unscoped.getToken().getId())
                .scopeToProject(Identifier.byId(project))
                .authenticate();
        assertEquals(project, scoped.getToken().getProject().getId());
        OSClientV3 domain = OSFactory.builderV3()
                .endpoint(KEYSTONE)
                .credentials("admin", Cloud.secret("admin"), DEFAULT)
                .scopeToDomain(DEFAULT)
                .authenticate();
        assertEquals("Default", domain.getToken().getDomain().getName());
        assertThrows(
                AuthenticationException.class,
                () -> OSFactory.builderV3()
                        .endpoint(KEYSTONE)
                        .credentials("admin", "not the password", DEFAULT)
                        .scopeToProject(PROJECT, DEFAULT)
                        .authenticate());
    }

    @Test
    void jcloudsSignsInByPasswordAndFindsItsWayByTheCatalog() throws IOException {
        try (KeystoneApi keystone = builder("openstack-keystone-3", "Default:admin", Cloud.secret("admin"), Map.of())
                .buildApi(KeystoneApi.class)) {
            assertTrue(keystone.getProjectApi().list().stream().anyMatch(project -> "admin".equals(project.name())));
            assertFalse(keystone.getUserApi().list().isEmpty());
        }
        try (NovaApi nova = builder("openstack-nova", "Default:admin", Cloud.secret("admin"), Map.of())
                .buildApi(NovaApi.class)) {
            String region = nova.getConfiguredRegions().iterator().next();
            assertEquals("RegionOne", region);
            assertTrue(StreamSupport.stream(
                            nova.getFlavorApi(region).list().concat().spliterator(), false)
                    .anyMatch(flavor -> "tiny".equals(flavor.getName())));
        }
    }

    @Test
    void jcloudsScopesATokenAnewAndIsRefusedAWrongPassword() throws IOException {
        String token = openstack4j().getToken().getId();
        try (KeystoneApi keystone = builder(
                        "openstack-keystone-3",
                        "Default:admin",
                        token,
                        Map.of(KeystoneProperties.CREDENTIAL_TYPE, CredentialTypes.TOKEN_CREDENTIALS))
                .buildApi(KeystoneApi.class)) {
            assertFalse(keystone.getUserApi().list().isEmpty());
        }
        try (KeystoneApi keystone = builder("openstack-keystone-3", "Default:admin", "not the password", Map.of())
                .buildApi(KeystoneApi.class)) {
            assertThrows(
                    AuthorizationException.class, () -> keystone.getUserApi().list());
        }
    }

    /** The command's own plug-in for OpenID Connect, at the realm behind the provider that every cloud has. */
    @Test
    void theCommandSignsInAtKeycloakItself() {
        Cli.Outcome outcome = Cli.execute(
                List.of(
                        "/usr/bin/openstack",
                        "--os-auth-type",
                        "v3oidcpassword",
                        "--os-auth-url",
                        KEYSTONE,
                        "--os-identity-provider",
                        "keycloak",
                        "--os-protocol",
                        "openid",
                        "--os-client-id",
                        "openstack",
                        "--os-client-secret",
                        "none",
                        "--os-discovery-endpoint",
                        "http://127.0.0.1:18080/realms/nephos/.well-known/openid-configuration",
                        "--os-username",
                        "default/admin",
                        "--os-password",
                        Cloud.secret("admin"),
                        "--os-project-name",
                        "admin",
                        "--os-project-domain-id",
                        "default",
                        "token",
                        "issue",
                        "-f",
                        "value",
                        "-c",
                        "user_id"),
                Map.of());
        assertEquals(0, outcome.status(), outcome.error());
        assertEquals(
                openstack4j().getToken().getUser().getId(), outcome.output().strip());
    }

    private static OSClientV3 openstack4j() {
        return OSFactory.builderV3()
                .endpoint(KEYSTONE)
                .credentials("admin", Cloud.secret("admin"), DEFAULT)
                .scopeToProject(PROJECT, DEFAULT)
                .authenticate();
    }

    private static ContextBuilder builder(String api, String identity, String credential, Map<String, String> others) {
        Properties overrides = new Properties();
        overrides.put(KeystoneProperties.KEYSTONE_VERSION, "3");
        overrides.put(KeystoneProperties.SCOPE, "project:admin");
        overrides.put(KeystoneProperties.PROJECT_DOMAIN_NAME, "Default");
        overrides.putAll(others);
        return ContextBuilder.newBuilder(api)
                .endpoint(KEYSTONE)
                .credentials(identity, credential)
                .overrides(overrides);
    }
}
