package io.nephos.identity.keycloak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The client "openstack" of the realm, with which the command line, SDKs and dashboards sign in. It is public, as what runs
 * on a user's machine keeps no secret; where a browser may be sent back to is limited.
 */
@ApplicationScoped
public class RealmClients {
    public static final String OPENSTACK = "openstack";

    /** Where the command line waits for the browser (v3oidcauthcode). */
    private static final String COMMAND_LINE = "http://localhost:8080/auth";

    private final ObjectMapper json = new ObjectMapper();
    private final KeycloakHttp http;
    private final Optional<String> identityUrl;

    @Inject
    public RealmClients(
            KeycloakHttp http,
            @ConfigProperty(name = "nephos.identity.catalog.identity") Optional<String> identityUrl) {
        this.http = http;
        this.identityUrl = identityUrl;
    }

    /** Made when it is missing; what an operator changed of it stays. */
    public void ensure() {
        HttpResponse<String> found =
                http.call("GET", "/clients?" + KeycloakHttp.encoded(Map.of("clientId", OPENSTACK)), null);
        http.expect(found, 200);
        if (!http.parse(found.body()).isEmpty()) {
            return;
        }
        ObjectNode client = json.createObjectNode();
        client.put("clientId", OPENSTACK).put("name", "OpenStack clients").put("enabled", true);
        client.put("protocol", "openid-connect").put("publicClient", true);
        client.put("directAccessGrantsEnabled", true).put("standardFlowEnabled", true);
        client.put("implicitFlowEnabled", false).put("fullScopeAllowed", false);
        ArrayNode redirects = client.putArray("redirectUris");
        redirects.add(COMMAND_LINE);
        identityUrl.ifPresent(url -> redirects.add(url + "/auth/OS-FEDERATION/*"));
        client.putObject("attributes").put("oauth2.device.authorization.grant.enabled", "true");
        // Keycloak only tells us whether a token is active when we are among those for whom it was made.
        ObjectNode audience = client.putArray("protocolMappers").addObject();
        audience.put("name", "cloud").put("protocol", "openid-connect").put("protocolMapper", "oidc-audience-mapper");
        audience.putObject("config")
                .put("included.client.audience", http.clientId())
                .put("access.token.claim", "true")
                .put("id.token.claim", "true")
                .put("introspection.token.claim", "true");
        HttpResponse<String> made = http.call("POST", "/clients", client);
        if (!List.of(201, 409).contains(made.statusCode())) {
            http.expect(made, 201);
        }
    }
}
