package io.nephos.compute.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.compute.api.Json;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerHintsTest {
    private static final String A = "11111111-1111-4111-8111-111111111111";
    private static final String B = "22222222-2222-4222-8222-222222222222";

    @Test
    void hintsAreReadUnderBothTheirNames() {
        for (String name : List.of("os:scheduler_hints", "OS-SCH-HNT:scheduler_hints")) {
            SchedulerHints hints = parse("{\"" + name + "\": {\"group\": \"" + A + "\", \"target_cell\": \"c\"}}");
            assertEquals(A, hints.groupId());
        }
        assertEquals(SchedulerHints.NONE, parse("{}"));
    }

    @Test
    void aServerIsNamedByItselfOrInAList() {
        assertEquals(List.of(A), hints("\"same_host\": \"" + A + "\"").sameHost());
        assertEquals(
                List.of(A, B),
                hints("\"different_host\": [\"" + A + "\", \"" + B + "\"]").differentHost());
    }

    @Test
    void whatIsKeptIsWhatWasSaid() {
        SchedulerHints hints = hints("\"same_host\": \"" + A + "\", \"build_near_host_ip\": \"10.0.0.1\","
                + " \"cidr\": \"/16\", \"query\": \"[\\\">=\\\", \\\"$free_ram_mb\\\", 1024]\", \"unknown\": {}");
        assertEquals(hints, SchedulerHints.stored(hints.text()));
        assertEquals("[\">=\", \"$free_ram_mb\", 1024]", hints.query());
        assertEquals("{}", SchedulerHints.NONE.text());
    }

    @Test
    void whatIsNoHintIsNamed() {
        assertTrue(refused("\"group\": \"x\"").contains("os:scheduler_hints.group"));
        assertTrue(refused("\"same_host\": [\"x\"]").contains("same_host"));
        assertTrue(refused("\"build_near_host_ip\": \"host.example\"").contains("build_near_host_ip"));
        assertTrue(refused("\"cidr\": \"24\"").contains("cidr"));
        assertTrue(refused("\"cidr\": \"/129\"").contains("cidr"));
        assertTrue(refused("\"query\": \"{}\"").contains("query"));
        assertTrue(refused("\"query\": \"[\"").contains("query"));
    }

    private static SchedulerHints hints(String inside) {
        return parse("{\"os:scheduler_hints\": {" + inside + "}}");
    }

    private static SchedulerHints parse(String body) {
        return SchedulerHints.of(Fields.ofBody(Json.tree(body)));
    }

    private static String refused(String inside) {
        return assertThrows(FaultException.class, () -> hints(inside)).fault().message();
    }
}
