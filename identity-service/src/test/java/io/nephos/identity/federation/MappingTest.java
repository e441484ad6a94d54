package io.nephos.identity.federation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.identity.federation.Mapping.Domain;
import io.nephos.identity.federation.Mapping.GroupName;
import io.nephos.identity.federation.Mapping.Mapped;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingTest {
    private static final Map<String, List<String>> BOB = Map.of(
            "UserName", List.of("bob"),
            "FirstName", List.of("Bob"),
            "LastName", List.of("Thompson"),
            "Email", List.of("bob@example.com"),
            "orgPersonType", List.of("Contractor"),
            "groups", List.of("dev", "ops", "secret-x"));

    @Test
    void placeholdersStandForTheEntriesThatGiveValuesInTheirOrder() {
        Mapped mapped = found("""
                [{"local": [{"user": {"name": "{1} {2}", "email": "{0}"}}],
                  "remote": [{"type": "Email"}, {"type": "orgPersonType", "any_one_of": ["Contractor"]},
                             {"type": "FirstName"}, {"type": "LastName"}]}]
                """);
        assertEquals(Optional.of("Bob Thompson"), mapped.user().name());
        assertEquals(Optional.of("bob@example.com"), mapped.user().email());
        assertFalse(mapped.user().local());
    }

    /** One test against the attribute "groups" of dev, ops and secret-x: does it hold, and what does it give? */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "any_one_of  | dev          | false | fits",
                "any_one_of  | nobody,ops   | false | fits",
                "any_one_of  | nobody       | false | not",
                "any_one_of  | de           | false | not",
                "any_one_of  | ^de          | true  | fits",
                "any_one_of  | ^ev          | true  | not",
                "not_any_of  | nobody       | false | fits",
                "not_any_of  | ops          | false | not",
                "not_any_of  | ^sec.*t      | true  | not",
                "not_any_of  | ^x           | true  | fits",
                "whitelist   | dev,nobody   | false | dev",
                "whitelist   | ^.{3}$       | true  | dev,ops",
                "blacklist   | dev          | false | ops,secret-x",
                "blacklist   | ^secret      | true  | dev,ops",
                "whitelist   | nobody       | false | ''",
                "blacklist   | .            | true  | ''"
            })
    void eachTestDecidesOrFilters(String test, String patterns, boolean regex, String expected) {
        String listed = "\"" + patterns.replace(",", "\", \"") + "\"";
        Mapping.Outcome outcome = outcome(
                """
                [{"local": [{"user": {"name": "{0}"}}], "remote": [{"type": "UserName"}]},
                 {"local": [%s], "remote": [{"type": "groups", "%s": [%s], "regex": %s}]}]
                """.formatted(
                                expected.equals("fits") || expected.equals("not")
                                        ? "{\"group\": {\"id\": \"g\"}}"
                                        : "{\"groups\": \"{0}\", \"domain\": {\"id\": \"d\"}}",
                                test,
                                listed,
                                regex),
                BOB);
        Mapped mapped = assertInstanceOf(Mapping.Outcome.Found.class, outcome).mapped();
        switch (expected) {
            case "fits" -> assertEquals(Set.of("g"), mapped.groupIds());
            case "not" -> assertEquals(Set.of(), mapped.groupIds());
            default ->
                assertEquals(
                        expected.isEmpty() ? List.of() : List.of(expected.split(",")),
                        mapped.groups().stream().map(GroupName::name).toList());
        }
    }

    @Test
    void everyRuleThatFitsAddsAndTheFirstUserCounts() {
        Mapped mapped = found("""
                [{"local": [{"user": {"id": "{0}"}, "group": {"name": "staff", "domain": {"name": "Default"}}}],
                  "remote": [{"type": "UserName"}]},
                 {"local": [{"user": {"id": "another"}}, {"group_ids": "{0}"}, {"group": {"id": "one"}}],
                  "remote": [{"type": "groups", "whitelist": ["dev", "ops"]}]},
                 {"local": [{"group": {"id": "never"}}], "remote": [{"type": "Absent"}]}]
                """);
        assertEquals("bob", mapped.user().uniqueId());
        assertEquals(Set.of("dev", "ops", "one"), mapped.groupIds());
        assertEquals(
                Set.of(new GroupName("staff", new Domain(Optional.empty(), Optional.of("Default")))), mapped.groups());
    }

    @Test
    void groupsMayComeAsOneListAndWithDomainsOfTheirOwn() {
        String confined = groups("\"groups\": \"{1}\", \"domain\": {\"id\": \"d\"}");
        Domain d = new Domain(Optional.of("d"), Optional.empty());
        Domain other = new Domain(Optional.empty(), Optional.of("Other"));
        Set<GroupName> both = Set.of(new GroupName("dev", d), new GroupName("ops, all", d));
        assertEquals(both, groups(confined, "[\"dev\", \"ops, all\"]"));
        assertEquals(both, groups(confined, "['dev', 'ops, all']"));
        assertEquals(both, groups(confined, "dev", "ops, all"));
        assertEquals(Set.of(new GroupName("[dev", d)), groups(confined, "[dev"));
        assertEquals(
                Set.of(new GroupName("dev", d)),
                groups(confined, "JSON:{\"name\": \"dev\", \"domain\": {\"id\": \"d\"}}"));
        String open = groups("\"groups\": \"{1}\"");
        assertEquals(
                Set.of(new GroupName("dev", d), new GroupName("ops", other)),
                groups(
                        open,
                        "JSON:{\"name\": \"dev\", \"domain\": {\"id\": \"d\"}}",
                        "JSON:{\"name\": \"ops\", \"domain\": {\"name\": \"Other\"}}"));
        for (String bad :
                List.of("dev", "JSON:", "JSON:dev", "JSON:{\"name\": \"dev\"}", "JSON:{\"domain\": {\"id\": \"d\"}}")) {
            assertInstanceOf(Mapping.Outcome.Nobody.class, outcome(open, said(bad)), bad);
        }
        assertInstanceOf(
                Mapping.Outcome.Nobody.class,
                outcome(confined, said("JSON:{\"name\": \"dev\", \"domain\": {\"name\": \"Other\"}}")));
    }

    private static String groups(String local) {
        return "[{\"local\": [{\"user\": {\"name\": \"{0}\"}}, {" + local
                + "}], \"remote\": [{\"type\": \"UserName\"}, {\"type\": \"groups\"}]}]";
    }

    private static Set<GroupName> groups(String rules, String... said) {
        return assertInstanceOf(Mapping.Outcome.Found.class, outcome(rules, said(said)))
                .mapped()
                .groups();
    }

    private static Map<String, List<String>> said(String... groups) {
        return Map.of("UserName", List.of("bob"), "groups", List.of(groups));
    }

    @Test
    void projectsComeWithTheirRoles() {
        Mapped mapped = found("""
                [{"local": [{"user": {"name": "{0}"}},
                            {"projects": [{"name": "Dev of {0}", "roles": [{"name": "member"}, {"name": "reader"}]},
                                          {"name": "all", "domain": {"id": "d"}, "roles": []}]}],
                  "remote": [{"type": "UserName"}]}]
                """);
        assertEquals(
                List.of(
                        new Mapping.Project("Dev of bob", Optional.empty(), List.of("member", "reader")),
                        new Mapping.Project(
                                "all", Optional.of(new Domain(Optional.of("d"), Optional.empty())), List.of())),
                mapped.projects());
    }

    @Test
    void aLocalUserIsNamedByIdOrByNameAndDomain() {
        Mapped mapped = found("""
                [{"local": [{"user": {"name": "{0}", "type": "local", "domain": {"name": "Default"}}}],
                  "remote": [{"type": "UserName"}]}]
                """);
        assertTrue(mapped.user().local());
        assertEquals(
                Optional.of(new Domain(Optional.empty(), Optional.of("Default"))),
                mapped.user().domain());
    }

    @Test
    void nobodyIsFoundByRulesThatDoNotFitOrNameNoUserOrReferToNothing() {
        assertNobody("[{\"local\": [{\"user\": {\"name\": \"{0}\"}}], \"remote\": [{\"type\": \"Absent\"}]}]");
        assertNobody("[{\"local\": [{\"group\": {\"id\": \"g\"}}], \"remote\": [{\"type\": \"UserName\"}]}]");
        assertNobody("[{\"local\": [{\"user\": {\"name\": \"{1}\"}}], \"remote\": [{\"type\": \"UserName\"}]}]");
        assertNobody(
                "[{\"local\": [{\"user\": {\"name\": \"{99999999999}\"}}], \"remote\": [{\"type\": \"UserName\"}]}]");
        assertNobody("[{\"local\": [{\"user\": {\"name\": \"{0}\"}}],"
                + " \"remote\": [{\"type\": \"groups\", \"whitelist\": [\"nobody\"]}]}]");
    }

    @Test
    void aValueThatLooksLikeAPlaceholderIsAValue() {
        Mapping.Outcome outcome = outcome("""
                [{"local": [{"user": {"name": "{0} {1}"}}], "remote": [{"type": "a"}, {"type": "b"}]}]
                """, Map.of("a", List.of("{1}"), "b", List.of("B")));
        assertEquals(
                "{1} B",
                assertInstanceOf(Mapping.Outcome.Found.class, outcome)
                        .mapped()
                        .user()
                        .uniqueId());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]",
                "[{\"local\": []}]",
                "[{\"local\": [], \"remote\": []}]",
                "[{\"remote\": [{\"type\": \"a\"}]}]",
                "[{\"local\": [], \"remote\": [{\"typ\": \"a\"}]}]",
                "[{\"local\": [], \"remote\": [{\"type\": \"a\", \"whitelist\": [], \"blacklist\": []}]}]",
                "[{\"local\": [], \"remote\": [{\"type\": \"a\", \"any_one_of\": [\"(\"], \"regex\": true}]}]",
                "[{\"local\": [{\"usr\": {}}], \"remote\": [{\"type\": \"a\"}]}]",
                "[{\"local\": [{\"user\": {\"type\": \"strange\"}}], \"remote\": [{\"type\": \"a\"}]}]",
                "[{\"local\": [{\"group\": {\"name\": \"g\"}}], \"remote\": [{\"type\": \"a\"}]}]"
            })
    void rulesThatCannotBeMeantAreRefused(String rules) {
        assertThrows(FaultException.class, () -> mapping(rules));
    }

    @Test
    void theClaimsOfATokenHaveTheNamesThatGuidesGiveThem() {
        Map<String, List<String>> said = Attributions.of(Map.of(
                "sub",
                "s",
                "preferred_username",
                "bob",
                "groups",
                List.of("a", "b"),
                "realm_access",
                Map.of("roles", List.of("r"))));
        assertEquals(List.of("s"), said.get("OIDC-sub"));
        assertEquals(List.of("bob"), said.get("HTTP_OIDC_PREFERRED_USERNAME"));
        assertEquals(List.of("bob"), said.get("OIDC_CLAIM_preferred_username"));
        assertEquals(List.of("a", "b"), said.get("OIDC-groups"));
        assertEquals(List.of("r"), said.get("OIDC-realm_access.roles"));
    }

    /** For random attributes and patterns: a whitelist and a blacklist of the same divide the values between them. */
    @Test
    void whitelistAndBlacklistPartTheValues() {
        Random random = new Random(3);
        for (int round = 0; round < 2_000; round++) {
            List<String> values = words(random);
            List<String> patterns = words(random);
            boolean regex = random.nextBoolean();
            Requirement white = new Requirement("t", Requirement.Test.WHITELIST, patterns, regex);
            Requirement black = new Requirement("t", Requirement.Test.BLACKLIST, patterns, regex);
            Requirement any = new Requirement("t", Requirement.Test.ANY_ONE_OF, patterns, regex);
            Requirement none = new Requirement("t", Requirement.Test.NOT_ANY_OF, patterns, regex);
            List<String> both = new ArrayList<>(white.values(values).orElseThrow());
            assertEquals(!both.isEmpty(), any.holds(values));
            assertEquals(any.holds(values), !none.holds(values));
            both.addAll(black.values(values).orElseThrow());
            assertEquals(
                    values.stream().sorted().toList(), both.stream().sorted().toList());
        }
    }

    private static List<String> words(Random random) {
        return random.ints(random.nextInt(5), 0, 6)
                .mapToObj(i -> List.of("a", "ab", "b", "ba", "c", "abc").get(i))
                .toList();
    }

    private static Mapped found(String rules) {
        return assertInstanceOf(Mapping.Outcome.Found.class, outcome(rules, BOB))
                .mapped();
    }

    private static void assertNobody(String rules) {
        assertInstanceOf(Mapping.Outcome.Nobody.class, outcome(rules, BOB));
    }

    private static Mapping.Outcome outcome(String rules, Map<String, List<String>> assertion) {
        return mapping(rules).evaluate(assertion);
    }

    private static Mapping mapping(String rules) {
        try {
            JsonNode body = new ObjectMapper().readTree("{\"mapping\": {\"rules\": " + rules + "}}");
            return MappingRules.of(Fields.of(body, "mapping"));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
