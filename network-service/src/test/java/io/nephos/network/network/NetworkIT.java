package io.nephos.network.network;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ProjectEvent;
import io.nephos.kit.tenant.ProjectListener;
import io.nephos.network.Api;
import io.nephos.network.Ovn;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.RawHttp;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The Networking API, as its clients see it. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Ovn.class)
class NetworkIT {
    private final String project = Api.project();
    private final Api api = Api.member(project);
    private final Api stranger = Api.member(Api.project());
    private final Api admin = Api.admin();

    @Inject
    ProjectListener projects;

    @Test
    void whatNoRouteGetsToSeeIsAnsweredInTheDialectToo() {
        String answer = RawHttp.answer("POST /v2.0/networks HTTP/1.1", "Content-Length: some");
        assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains("\"type\":\"HTTPBadRequest\""), answer);
        assertTrue(answer.contains("content-length header must be an integer"), answer);
    }

    @Test
    void aProjectDoesNotSeeAnothersNetworkUnlessItIsShared() {
        String network = api.network();
        stranger.get("/networks/" + network).statusCode(404).body("NeutronError.type", equalTo("NetworkNotFound"));
        stranger.get("/networks?id=" + network).body("networks", hasSize(0));
        stranger.delete("/networks/" + network).statusCode(404);
        admin.put("/networks/" + network, Map.of("network", Map.of("shared", true)))
                .statusCode(200);
        stranger.get("/networks/" + network).statusCode(200).body("network", not(hasKey("provider:network_type")));
        stranger.delete("/networks/" + network).statusCode(403);
        api.put("/networks/" + network, Map.of("network", Map.of("shared", true)))
                .statusCode(403);
    }

    @Test
    void theLimitsOfADeletedProjectGo() {
        admin.put("/quotas/" + project, Map.of("quota", Map.of("network", 3))).statusCode(200);
        admin.get("/quotas/" + project).body("quota.network", equalTo(3));
        projects.on(
                project,
                ProjectEvent.newBuilder()
                        .setId(project)
                        .setChange(Change.CHANGE_DELETED)
                        .build());
        admin.get("/quotas/" + project).body("quota.network", not(equalTo(3)));
    }

    @Test
    void whatADeletedProjectLeavesIsPurgedInTheOrderInWhichOneHoldsTheOther() {
        String network = api.network();
        String subnet = api.subnet(network, "10.9.0.0/24");
        String router = api.make("routers", "router", Map.of());
        api.put("/routers/" + router + "/add_router_interface", Map.of("subnet_id", subnet))
                .statusCode(200);
        api.port(network, Map.of());
        projects.on(
                project,
                ProjectEvent.newBuilder()
                        .setId(project)
                        .setName("gone")
                        .setDomainId("default")
                        .setChange(Change.CHANGE_DELETED)
                        .build());
        String left = "orphans.find { it.project_id == '" + project + "' }.resources";
        administrator()
                .get("/nephos/v1/orphans")
                .then()
                .body(left + ".networks", equalTo(1))
                .body(left + ".routers", equalTo(1))
                .body(left + ".subnets", equalTo(1));
        administrator()
                .delete("/nephos/v1/orphans/" + project)
                .then()
                .statusCode(202)
                .body("refused", hasSize(0));
        administrator().delete("/nephos/v1/orphans/" + project).then().statusCode(404);
        admin.get("/networks/" + network).statusCode(404);
    }

    @Test
    void aReaderReadsAndDoesNotWrite() {
        String network = api.network();
        Api reader = Api.reader(project);
        reader.get("/networks/" + network).statusCode(200);
        reader.post("/networks", Map.of("network", Map.of())).statusCode(403);
        reader.delete("/networks/" + network).statusCode(403);
    }

    @Test
    void aNetworkWithAPortStays() {
        String network = api.network();
        String port = api.port(network, Map.of());
        api.delete("/networks/" + network).statusCode(409).body("NeutronError.type", equalTo("NetworkInUse"));
        api.delete("/ports/" + port).statusCode(204);
        api.delete("/networks/" + network).statusCode(204);
        api.get("/networks/" + network).statusCode(404);
    }

    @Test
    void manyAreMadeTogetherOrNone() {
        api.post("/networks", Map.of("networks", List.of(Map.of("name", "a"), Map.of("name", "b"))))
                .statusCode(201)
                .body("networks", hasSize(2));
        api.post("/networks", Map.of("networks", List.of(Map.of("name", "c"), Map.of("bad", 1))))
                .statusCode(400);
        api.get("/networks?name=c").body("networks", hasSize(0));
    }

    @Test
    void listsAreSortedPagedAndCutToFields() {
        List.of("b", "a", "c").forEach(name -> api.make("networks", "network", Map.of("name", name)));
        String own = "/networks?router:external=false&sort_key=name";
        api.get(own + "&sort_dir=desc").body("networks.name", equalTo(List.of("c", "b", "a")));
        var first = api.get(own + "&limit=2&fields=name&fields=id");
        first.body("networks.name", equalTo(List.of("a", "b")))
                .body("networks[0]", not(hasKey("status")))
                .body("networks_links[0].rel", equalTo("next"));
        String marker = first.extract().path("networks[1].id");
        api.get(own + "&limit=2&marker=" + marker)
                .body("networks.name", equalTo(List.of("c")))
                .body("networks_links.rel", equalTo(List.of("previous")));
        api.get("/networks?name=a&name=c&nonsense=1&sort_key=name").body("networks.name", equalTo(List.of("a", "c")));
        api.get("/networks?limit=x").statusCode(400);
    }

    @Test
    void subnetsDoNotOverlapAndHaveTheirGatewayOutsideTheirPools() {
        String network = api.network();
        String subnet = api.subnet(network, "10.0.0.0/24");
        api.get("/subnets/" + subnet)
                .body("subnet.gateway_ip", equalTo("10.0.0.1"))
                .body("subnet.allocation_pools[0].start", equalTo("10.0.0.2"))
                .body("subnet.allocation_pools[0].end", equalTo("10.0.0.254"));
        api.post("/subnets", Map.of("subnet", Map.of("network_id", network, "cidr", "10.0.0.128/25", "ip_version", 4)))
                .statusCode(400)
                .body("NeutronError.message", containsString("overlaps with another subnet"));
        api.post(
                        "/subnets",
                        Map.of(
                                "subnet",
                                Map.of(
                                        "network_id",
                                        network,
                                        "cidr",
                                        "10.0.1.0/24",
                                        "ip_version",
                                        4,
                                        "gateway_ip",
                                        "10.0.1.5",
                                        "allocation_pools",
                                        List.of(Map.of("start", "10.0.1.2", "end", "10.0.1.9")))))
                .statusCode(409)
                .body("NeutronError.type", equalTo("GatewayConflictWithAllocationPools"));
        api.post("/subnets", Map.of("subnet", Map.of("network_id", network, "cidr", "10.0.1.7/24", "ip_version", 4)))
                .statusCode(400);
    }

    @Test
    void anAddressBelongsToOnePortAndASubnetInUseStays() {
        String network = api.network();
        String subnet = api.subnet(network, "10.0.0.0/24");
        Map<String, ?> wish = Map.of("fixed_ips", List.of(Map.of("ip_address", "10.0.0.77")));
        String port = api.port(network, wish);
        api.post("/ports", Map.of("port", Map.of("network_id", network, "fixed_ips", wish.get("fixed_ips"))))
                .statusCode(409)
                .body("NeutronError.type", equalTo("IpAddressAlreadyAllocated"));
        api.delete("/subnets/" + subnet).statusCode(409).body("NeutronError.type", equalTo("SubnetInUse"));
        api.get("/ports?fixed_ips=ip_address=10.0.0.77").body("ports.id", equalTo(List.of(port)));
        api.delete("/ports/" + port).statusCode(204);
        api.delete("/subnets/" + subnet).statusCode(204);
    }

    @Test
    void aSubnetGivesAllItsAddressesAndThenSaysSo() {
        String network = api.network();
        api.make(
                "subnets",
                "subnet",
                Map.of("network_id", network, "cidr", "10.0.0.0/29", "ip_version", 4, "enable_dhcp", false));
        for (int i = 0; i < 5; i++) {
            api.port(network, Map.of());
        }
        api.post("/ports", Map.of("port", Map.of("network_id", network)))
                .statusCode(409)
                .body("NeutronError.type", equalTo("IpAddressGenerationFailure"));
    }

    @Test
    void guestsOfASlaacSubnetAreKnownByTheirMac() {
        String network = api.network();
        api.make(
                "subnets",
                "subnet",
                Map.of(
                        "network_id",
                        network,
                        "cidr",
                        "2001:db8::/64",
                        "ip_version",
                        6,
                        "ipv6_ra_mode",
                        "slaac",
                        "ipv6_address_mode",
                        "slaac"));
        String port = api.port(network, Map.of());
        String mac = api.get("/ports/" + port).extract().path("port.mac_address");
        String tail = mac.substring(9).replace(":", "");
        api.get("/ports/" + port)
                .body(
                        "port.fixed_ips.ip_address",
                        hasItem(containsString("2001:db8::f816:3eff:fe" + tail.substring(0, 2))));
    }

    @Test
    void theQuotaIsCountedFromWhatThereIs() {
        admin.put("/quotas/" + project, Map.of("quota", Map.of("network", 1))).statusCode(200);
        String network = api.network();
        api.post("/networks", Map.of("network", Map.of()))
                .statusCode(409)
                .body("NeutronError.type", equalTo("OverQuota"));
        api.delete("/networks/" + network).statusCode(204);
        api.network();
        admin.delete("/quotas/" + project).statusCode(204);
        api.get("/quotas/" + project).body("quota.network", equalTo(100));
        stranger.get("/quotas/" + project).statusCode(403);
    }

    @Test
    void aFloatingIpNeedsAWayOutAndHoldsItsRouterThere() {
        String outside = external();
        String network = api.network();
        String subnet = api.subnet(network, "10.0.0.0/24");
        String port = api.port(network, Map.of());
        Map<String, ?> wish = Map.of("floatingip", Map.of("floating_network_id", outside, "port_id", port));
        api.post("/floatingips", wish)
                .statusCode(404)
                .body("NeutronError.type", equalTo("ExternalGatewayForFloatingIPNotFound"));
        String router = api.make("routers", "router", Map.of("external_gateway_info", Map.of("network_id", outside)));
        api.put("/routers/" + router + "/add_router_interface", Map.of("subnet_id", subnet))
                .statusCode(200)
                .body("subnet_id", equalTo(subnet));
        var made = api.post("/floatingips", wish).statusCode(201);
        String floating = made.extract().path("floatingip.id");
        made.body("floatingip.router_id", equalTo(router)).body("floatingip.status", equalTo("ACTIVE"));
        api.put("/routers/" + router + "/remove_router_interface", Map.of("subnet_id", subnet))
                .statusCode(409)
                .body("NeutronError.type", equalTo("RouterInterfaceInUseByFloatingIP"));
        api.delete("/routers/" + router).statusCode(409).body("NeutronError.type", equalTo("RouterInUse"));
        api.delete("/ports/" + port).statusCode(204);
        api.get("/floatingips/" + floating)
                .body("floatingip.port_id", nullValue())
                .body("floatingip.router_id", nullValue());
        api.put("/routers/" + router + "/remove_router_interface", Map.of("subnet_id", subnet))
                .statusCode(200);
        api.delete("/routers/" + router).statusCode(204);
        api.delete("/floatingips/" + floating).statusCode(204);
    }

    @Test
    void aProjectsDefaultGroupIsThereFromTheStartAndStays() {
        String group = api.get("/security-groups?name=default")
                .statusCode(200)
                .body("security_groups", hasSize(1))
                .body("security_groups[0].security_group_rules", hasSize(4))
                .extract()
                .path("security_groups[0].id");
        api.delete("/security-groups/" + group).statusCode(409);
        Map<String, ?> rule = Map.of(
                "security_group_rule",
                Map.of(
                        "security_group_id",
                        group,
                        "direction",
                        "ingress",
                        "protocol",
                        "tcp",
                        "port_range_min",
                        22,
                        "port_range_max",
                        22));
        api.post("/security-group-rules", rule).statusCode(201);
        api.post("/security-group-rules", rule)
                .statusCode(409)
                .body("NeutronError.type", equalTo("SecurityGroupRuleExists"));
        stranger.post("/security-group-rules", rule).statusCode(404);
    }

    @Test
    void aRulesPrefixIsShownAsSentAndMeansItsNetwork() {
        String group = api.make("security-groups", "security_group", Map.of("name", "g"));
        rule(group, "10.1.2.3/24")
                .statusCode(201)
                .body("security_group_rule.remote_ip_prefix", equalTo("10.1.2.3/24"))
                .body("security_group_rule.normalized_cidr", equalTo("10.1.2.0/24"));
        rule(group, "10.1.2.0/24").statusCode(409).body("NeutronError.type", equalTo("SecurityGroupRuleExists"));
        rule(group, "10.1.2.3").statusCode(201).body("security_group_rule.remote_ip_prefix", equalTo("10.1.2.3/32"));
    }

    private ValidatableResponse rule(String group, String prefix) {
        Map<String, String> rule =
                Map.of("security_group_id", group, "direction", "ingress", "remote_ip_prefix", prefix);
        return api.post("/security-group-rules", Map.of("security_group_rule", rule));
    }

    @Test
    void badInputIsNamedAndNeverAnError() {
        api.post("/networks", Map.of()).statusCode(400);
        api.post("/networks", Map.of("network", Map.of("mtu", "wide"))).statusCode(400);
        api.post("/ports", Map.of("port", Map.of("network_id", "x"))).statusCode(400);
        api.post("/ports", Map.of("port", Map.of("network_id", Api.project()))).statusCode(404);
        api.post("/subnets", Map.of("subnet", Map.of("network_id", api.network(), "cidr", "nonsense", "ip_version", 4)))
                .statusCode(400);
        api.post("/networks", Map.of("networks", List.of("x".repeat(120_000))))
                .statusCode(413)
                .body("NeutronError.message", containsString("longer than"));
        api.get("/nothing").statusCode(404).body("NeutronError.type", equalTo("HTTPNotFound"));
    }

    private String external() {
        String network = admin.make("networks", "network", Map.of("name", "out", "router:external", true));
        admin.subnet(network, "172.24.4.0/24");
        return network;
    }

    /** Outside of the Networking API's own path. */
    private static RequestSpecification administrator() {
        return given().header("X-Auth-Token", TestTokens.admin());
    }
}
