package io.nephos.network.ovn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.network.fabric.Scope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NorthboundDiffTest {
    private static final Wanted SWITCH = new Wanted("Logical_Switch", "network/n").with("name", "n");
    private static final Wanted PORT = new Wanted("Logical_Switch_Port", "port/p")
            .in("Logical_Switch", "network/n", "ports")
            .with("name", "p")
            .member("guard/all");

    @Test
    void whatIsAsWantedNeedsNothing() {
        OvsdbRow port = row("u2", "port/p", Map.of("name", Datum.of("p")));
        OvsdbRow there = row("u1", "network/n", Map.of("name", Datum.of("n"), "ports", uuid("u2")));
        OvsdbRow guard = row("u3", "guard/all", Map.of("ports", uuid("u2")));
        var result = NorthboundDiff.between(
                Map.of(
                        "Logical_Switch", Map.of("u1", there),
                        "Logical_Switch_Port", Map.of("u2", port),
                        "Port_Group", Map.of("u3", guard)),
                Map.of("Logical_Switch", List.of(there), "Logical_Switch_Port", List.of(port)),
                List.of(SWITCH, PORT));
        assertEquals(List.of(), result.operations());
        assertEquals(Set.of(), result.touched());
    }

    @Test
    void whatAPortHangsOnIsAskedForWhenItIsNotThere() {
        var result = NorthboundDiff.between(Map.of(), Map.of(), List.of(PORT));
        assertEquals(
                Set.of(new Datum.Ref("Logical_Switch", "network/n"), new Datum.Ref("Port_Group", "guard/all")),
                result.missing());
    }

    @Test
    void aSwitchAndItsPortAreMadeInOneTransaction() {
        Wanted guard = new Wanted("Port_Group", "guard/all").with("name", "g");
        var result = NorthboundDiff.between(Map.of(), Map.of(), List.of(SWITCH, guard, PORT));
        assertEquals(Set.of(), result.missing());
        assertEquals(
                List.of("insert", "insert", "insert", "mutate", "mutate"),
                result.operations().stream().map(op -> op.path("op").asText()).toList());
        assertEquals(Set.of(Scope.network("n"), Scope.guard(), Scope.port("p")), result.touched());
    }

    @Test
    void aPortThatLeavesItsGroupsIsTakenOutOfThem() {
        Wanted free = new Wanted("Logical_Switch_Port", "port/p")
                .in("Logical_Switch", "network/n", "ports")
                .with("name", "p");
        OvsdbRow port = row("u2", "port/p", Map.of("name", Datum.of("p")));
        OvsdbRow there = row("u1", "network/n", Map.of("ports", uuid("u2")));
        OvsdbRow guard = row("u3", "guard/all", Map.of("ports", uuid("u2")));
        var result = NorthboundDiff.between(
                Map.of("Logical_Switch", Map.of("u1", there), "Port_Group", Map.of("u3", guard)),
                Map.of("Logical_Switch_Port", List.of(port)),
                List.of(free));
        assertEquals(1, result.operations().size());
        assertTrue(result.operations().getFirst().toString().contains("[[\"ports\",\"delete\",[\"uuid\",\"u2\"]]]"));
    }

    @Test
    void whatNoRowAsksForGoesAndOfTwoWithTheSameKeyOne() {
        OvsdbRow first = row("u1", "network/n", Map.of("name", Datum.of("n")));
        OvsdbRow second = row("u2", "network/n", Map.of("name", Datum.of("n")));
        OvsdbRow options = row("u3", "network/n/dhcp/s", Map.of());
        var result = NorthboundDiff.between(
                Map.of("Logical_Switch", Map.of("u1", first, "u2", second)),
                Map.of("Logical_Switch", List.of(second, first), "DHCP_Options", List.of(options)),
                List.of(SWITCH));
        assertEquals(
                List.of("delete u2", "delete u3"),
                result.operations().stream()
                        .map(op -> op.path("op").asText() + " "
                                + op.path("where").path(0).path(2).path(1).asText())
                        .toList());
    }

    @Test
    void aChangedColumnAloneIsWritten() {
        OvsdbRow there = row("u1", "network/n", Map.of("name", Datum.of("old")));
        var result = NorthboundDiff.between(
                Map.of("Logical_Switch", Map.of("u1", there)),
                Map.of("Logical_Switch", List.of(there)),
                List.of(SWITCH));
        assertEquals(
                "{\"name\":[\"set\",[\"n\"]]}",
                result.operations().getFirst().path("row").toString());
    }

    private static Datum uuid(String id) {
        return Datum.of(new Datum.Uuid(id));
    }

    private static OvsdbRow row(String uuid, String key, Map<String, Datum> columns) {
        Map<String, Datum> all = new java.util.HashMap<>(columns);
        all.put("external_ids", Datum.map(Map.of(Wanted.KEY, key)));
        return new OvsdbRow(uuid, all);
    }
}
