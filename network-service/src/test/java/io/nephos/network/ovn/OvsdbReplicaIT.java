package io.nephos.network.ovn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.network.Api;
import io.nephos.network.Ovn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The OVSDB client against a real ovsdb-server. */
class OvsdbReplicaIT {
    private final AtomicInteger connected = new AtomicInteger();
    private final OvsdbReplica replica = new OvsdbReplica(
            Ovn.address("nb"),
            "OVN_Northbound",
            Map.of("Logical_Switch", List.of("name", "ports", "external_ids")),
            row -> Optional.ofNullable(row.map("external_ids").get("group")),
            new OvsdbReplica.Listener() {
                @Override
                public void connected() {
                    connected.incrementAndGet();
                }

                @Override
                public void changed(String table, OvsdbRow row) {}

                @Override
                public void removed(String table, OvsdbRow row) {}
            });

    @BeforeEach
    void follow() {
        replica.start();
        Api.await("the replica is loaded", replica::ready);
    }

    @AfterEach
    void stop() {
        replica.stop();
    }

    @Test
    void whoWritesReadsHisWritesAtOnce() {
        for (int i = 0; i < 50; i++) {
            String name = "switch-" + i;
            String uuid = replica.transact(List.of(insert(name)))
                    .path(0)
                    .path("uuid")
                    .path(1)
                    .asText();
            assertEquals(
                    Optional.of(name), replica.table("Logical_Switch").get(uuid).text("name"));
            assertTrue(replica.group(name).get("Logical_Switch").stream()
                    .anyMatch(row -> row.uuid().equals(uuid)));
            replica.transact(List.of(delete(uuid)));
            assertFalse(replica.table("Logical_Switch").containsKey(uuid));
            assertEquals(Map.of(), replica.group(name));
        }
    }

    @Test
    void aRefusedTransactionChangesNothing() {
        int before = replica.table("Logical_Switch").size();
        ObjectNode wrong = insert("x");
        ((ObjectNode) wrong.get("row")).put("no_such_column", 1);
        OvsdbException e = assertThrows(OvsdbException.class, () -> replica.transact(List.of(insert("good"), wrong)));
        assertTrue(String.valueOf(e.getMessage()).contains("no_such_column"), e::getMessage);
        assertEquals(before, replica.table("Logical_Switch").size());
    }

    @Test
    void whatOthersChangedWhileTheServerWasAwayIsSeenAfterwards() {
        replica.transact(List.of(insert("before")));
        Ovn.kill("nb");
        Api.await("the connection is lost", () -> !replica.ready());
        assertThrows(OvsdbException.class, () -> replica.transact(List.of(insert("lost"))));
        Ovn.run("nb");
        Ovn.ctl("nb", "ls-add", "by-another");
        Api.await("the other's switch is seen", () -> replica.ready() && names().contains("by-another"));
        assertTrue(names().contains("before"));
        assertTrue(connected.get() >= 2);
    }

    private List<String> names() {
        return replica.table("Logical_Switch").values().stream()
                .map(row -> row.text("name").orElse(""))
                .toList();
    }

    private static ObjectNode insert(String name) {
        ObjectNode operation =
                JsonNodeFactory.instance.objectNode().put("op", "insert").put("table", "Logical_Switch");
        operation
                .putObject("row")
                .put("name", name)
                .set("external_ids", Datum.write(Datum.map(Map.of("group", name)), ref -> Datum.named("")));
        return operation;
    }

    private static ObjectNode delete(String uuid) {
        ObjectNode operation =
                JsonNodeFactory.instance.objectNode().put("op", "delete").put("table", "Logical_Switch");
        operation.putArray("where").addArray().add("_uuid").add("==").add(Datum.uuid(uuid));
        return operation;
    }
}
