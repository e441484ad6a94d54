package io.nephos.network.ovn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.network.Api;
import io.nephos.network.Ovn;
import io.nephos.testkit.Infrastructure;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** OVN's Northbound database follows the rows, whatever happens to it. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Ovn.class)
class NorthboundIT {
    private final Api api = Api.member(Api.project());

    @Inject
    Northbound northbound;

    @Inject
    NorthboundAudit audit;

    @Test
    void aPortIsThereWithItsSwitchItsDhcpAndItsGroups() {
        String network = api.network();
        String subnet = api.subnet(network, "10.0.0.0/24");
        String port = api.port(network, Map.of());
        awaitPort(port);
        assertTrue(Ovn.ctl("nb", "lsp-list", "nephos-" + network).contains("metadata-" + network));
        assertTrue(Ovn.ctl("nb", "lsp-get-addresses", port).contains("10.0.0."));
        assertTrue(Ovn.ctl("nb", "--bare", "--columns=external_ids", "list", "DHCP_Options")
                .contains(subnet));
        assertTrue(
                Ovn.ctl("nb", "--bare", "--columns=match", "list", "ACL").contains("outport == @nephos_guard && ip"));
        api.delete("/ports/" + port).statusCode(204);
        Api.await("the port is gone", () -> !ports().contains(port));
        api.delete("/networks/" + network).statusCode(204);
        Api.await("the switch is gone", () -> !switches().contains(network));
        assertFalse(Ovn.ctl("nb", "--bare", "--columns=external_ids", "list", "DHCP_Options")
                .contains(subnet));
    }

    @Test
    void aWipedDatabaseIsMadeAgainAndWhatIsNotOursIsLeftAlone() {
        String network = api.network();
        api.subnet(network, "10.0.1.0/24");
        String port = api.port(network, Map.of());
        String router = api.make("routers", "router", Map.of("name", "r"));
        awaitPort(port);
        Ovn.ctl("nb", "ls-add", "foreign");
        Ovn.ctl("nb", "ls-del", "nephos-" + network, "--", "--if-exists", "lr-del", "nephos-" + router);
        Ovn.ctl("nb", "--all", "destroy", "Port_Group", "--", "--all", "destroy", "DHCP_Options");
        awaitPort(port);
        Api.await("nothing differs", () -> northbound.astray().isEmpty());
        assertTrue(Ovn.ctl("nb", "lr-list").contains(router));
        assertTrue(switches().contains("foreign"));
    }

    @Test
    void aRestartedServerIsFollowedAgainAndHasWhatCameMeanwhile() {
        String network = api.network();
        Api.await("the switch is there", () -> switches().contains(network));
        Ovn.kill("nb");
        String port = api.port(network, Map.of());
        api.get("/ports/" + port).statusCode(200);
        Ovn.run("nb");
        awaitPort(port);
    }

    @Test
    void whatNoRowAsksForIsRemoved() {
        Ovn.ctl(
                "nb",
                "ls-add",
                "orphan",
                "--",
                "set",
                "Logical_Switch",
                "orphan",
                "external_ids:nephos\\:key=network/none");
        audit.soon();
        Api.await("the orphan is gone", () -> !switches().contains("orphan"));
    }

    @Test
    void aPortIsActiveWhenOvnSaysItIsUp() {
        String network = api.network();
        String port = api.port(network, Map.of());
        awaitPort(port);
        assertEquals("DOWN", status(port));
        Ovn.ctl("nb", "set", "Logical_Switch_Port", port, "up=true");
        Api.await("the port is active", () -> status(port).equals("ACTIVE"));
        Ovn.ctl("nb", "set", "Logical_Switch_Port", port, "up=false");
        Api.await("the port is down", () -> status(port).equals("DOWN"));
    }

    private String status(String port) {
        return api.get("/ports/" + port).statusCode(200).extract().path("port.status");
    }

    private static void awaitPort(String port) {
        Api.await("port " + port + " is in OVN", () -> ports().contains(port));
    }

    private static String ports() {
        return Ovn.ctl("nb", "--bare", "--columns=name", "list", "Logical_Switch_Port");
    }

    private static String switches() {
        return Ovn.ctl("nb", "--bare", "--columns=name", "list", "Logical_Switch");
    }
}
