package io.nephos.rbd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RbdAccessTest {
    @Test
    void eachMonitorIsNamedOnceInWhateverFormTheConfigurationHasIt() {
        assertEquals(List.of("10.0.0.1:6789", "10.0.0.2:6789"), RbdAccess.monitors("10.0.0.1, 10.0.0.2"));
        assertEquals(
                List.of("10.0.0.1:3300", "10.0.0.2:3301"),
                RbdAccess.monitors("[v2:10.0.0.1:3300/0,v1:10.0.0.1:6789/0] [v2:10.0.0.2:3301]"));
        assertEquals(List.of("mon.example:3300"), RbdAccess.monitors("mon.example:3300"));
    }

    @Test
    void aKeyIsThatOfTheUserWhoIsAskedFor() {
        String keyring = """
                [client.glance]
                	key = AQ1==
                	caps mon = "profile rbd"
                [client.nova]
                	key = AQ2==
                """;
        assertEquals(Optional.of("AQ2=="), RbdAccess.keyIn(keyring, "nova"));
        assertEquals(Optional.empty(), RbdAccess.keyIn(keyring, "cinder"));
    }
}
