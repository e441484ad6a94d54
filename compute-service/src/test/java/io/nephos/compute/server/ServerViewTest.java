package io.nephos.compute.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.http.Microversion;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerViewTest {
    /** Which fields each version brought to a server that an admin is shown. */
    private static final Map<String, Microversion> SINCE = Map.of(
            "OS-EXT-SRV-ATTR:hostname", new Microversion(2, 3),
            "locked", new Microversion(2, 9),
            "host_status", new Microversion(2, 16),
            "description", new Microversion(2, 19),
            "tags", new Microversion(2, 26),
            "trusted_image_certificates", new Microversion(2, 63),
            "server_groups", new Microversion(2, 71),
            "locked_reason", new Microversion(2, 73));

    @Test
    void eachFieldAppearsWithItsVersionAndNotBefore() {
        for (int minor = 1; minor <= 79; minor++) {
            Microversion version = new Microversion(2, minor);
            ObjectNode view = view(version, true).show(ShownServer.of(running()), true);
            SINCE.forEach((field, since) ->
                    assertEquals(version.compareTo(since) >= 0, view.has(field), field + " at " + version));
            assertEquals(version.atLeast(2, 47), view.path("flavor").has("original_name"), "at " + version);
            assertEquals(!version.atLeast(2, 47), view.path("flavor").has("id"), "at " + version);
        }
    }

    @Test
    void onlyAdminsSeeTheHost() {
        ObjectNode view = view(new Microversion(2, 79), false).show(ShownServer.of(running()), true);
        view.fieldNames().forEachRemaining(name -> assertFalse(name.startsWith("OS-EXT-SRV-ATTR:"), name));
        assertFalse(view.toString().contains("\"h1\""));
        assertEquals(56, view.path("hostId").asText().length());
    }

    @Test
    void addressesAreGroupedByNetworkWithTypeAndMac() {
        ObjectNode view = view(new Microversion(2, 1), false).full(ShownServer.of(running()), true);
        assertEquals("10.0.0.5", view.at("/addresses/private/0/addr").asText());
        assertEquals("fixed", view.at("/addresses/private/0/OS-EXT-IPS:type").asText());
        assertEquals(
                "fa:16:3e:00:00:01",
                view.at("/addresses/private/0/OS-EXT-IPS-MAC:mac_addr").asText());
    }

    @Test
    void anUpdateBefore275ShowsNoExtensions() {
        ObjectNode view = view(new Microversion(2, 1), true).updated(ShownServer.of(running()), true);
        assertFalse(view.has("OS-EXT-STS:vm_state"));
        assertFalse(view.at("/addresses/private/0").has("OS-EXT-IPS:type"));
        assertTrue(view(new Microversion(2, 75), true)
                .updated(ShownServer.of(running()), true)
                .has("OS-EXT-STS:vm_state"));
    }

    @Test
    void aFaultIsShownInErrorOnlyAndItsDetailsToAdmins() {
        Server server = Servers.fresh(0);
        server.row().lastError = "the long story";
        server.fail("No valid host was found.", Servers.NOW);
        server.failureSettled(Servers.NOW);
        ObjectNode user = view(new Microversion(2, 1), false).show(ShownServer.of(server.row()), true);
        assertEquals("No valid host was found.", user.at("/fault/message").asText());
        assertFalse(user.path("fault").has("details"));
        ObjectNode admin = view(new Microversion(2, 1), true).show(ShownServer.of(server.row()), true);
        assertEquals("the long story", admin.at("/fault/details").asText());
    }

    private static ServerView view(Microversion version, boolean admin) {
        return new ServerView(version, "http://c", admin, admin);
    }

    private static ServerRow running() {
        Server server = Servers.running();
        server.row().addresses = Addresses.joined(server.ports());
        return server.row();
    }
}
