package io.nephos.identity.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeycloakUserTest {
    /** Names and switches: last, ours, theirs, both afterwards. */
    @ParameterizedTest
    @CsvSource({
        "a,true,  a,true,  a,true,  a,true",
        "a,true,  a,false, a,true,  a,false",
        "a,true,  a,true,  a,false, a,false",
        "a,true,  b,true,  a,false, b,false",
        "a,true,  a,false, b,true,  b,false",
        "a,true,  b,true,  c,true,  b,true",
        "a,false, a,true,  a,false, a,true"
    })
    void eachSideTakesOverWhatTheOtherChanged(
            String last,
            boolean lastOn,
            String ours,
            boolean oursOn,
            String theirs,
            boolean theirsOn,
            String both,
            boolean bothOn) {
        assertEquals(
                new KeycloakUser("u", both, bothOn),
                KeycloakUser.merged(
                        new KeycloakUser("u", last, lastOn),
                        new KeycloakUser("u", ours, oursOn),
                        new KeycloakUser("u", theirs, theirsOn)));
    }

    @ParameterizedTest
    @CsvSource({
        "alice, '', home, alice",
        "alice, d1, d1, alice",
        "alice, nowhere, home, alice",
        "d1/alice, '', d1, alice",
        "d1/alice, d2, d1, alice",
        "nowhere/alice, d2, d2, nowhere/alice",
        "/alice, '', home, /alice",
        "d1/, '', home, d1/",
        "d1/a/b, '', d1, a/b"
    })
    void anArrivalGoesToTheDomainOfItsNameElseOfItsAttributeElseHome(
            String username, String attribute, String domain, String name) throws Exception {
        Arrival arrival = Arrival.of(new ObjectMapper().readTree("""
                {"id": "i", "username": "%s", "enabled": true, "attributes": {"domain_id": ["%s"]}}
                """.formatted(username, attribute)));
        assertEquals(new Arrival.Place(domain, name), arrival.place("home", Set.of("home", "d1", "d2")::contains));
    }

    @Test
    void ourUsersHaveTheirDomainBeforeTheirName() {
        assertEquals("d1/alice", KeycloakUser.username("D1", "Alice"));
    }
}
