package io.nephos.identity.assignment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EffectiveRolesTest {
    private static final Map<String, Set<String>> PERSONAS =
            Map.of("admin", Set.of("manager"), "manager", Set.of("member"), "member", Set.of("reader"));

    @Test
    void aRoleBringsAllThatItImpliesOverAnyNumberOfSteps() {
        EffectiveRoles engine = new EffectiveRoles(PERSONAS, Map.of(), Map.of());
        assertEquals(Set.of("admin", "manager", "member", "reader"), engine.withImplied(Set.of("admin")));
        assertEquals(Set.of("member", "reader"), engine.withImplied(Set.of("member")));
        assertEquals(Set.of("service"), engine.withImplied(Set.of("service")));
    }

    @Test
    void rolesThatImplyEachOtherInACircleEnd() {
        EffectiveRoles engine =
                new EffectiveRoles(Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("a")), Map.of(), Map.of());
        assertEquals(Set.of("a", "b", "c"), engine.withImplied(Set.of("b")));
        Grant grant = new Grant(Actor.user("u"), Target.project("p"), "a", false);
        assertEquals(3, engine.of(List.of(grant)).size());
    }

    @Test
    void aGroupsGrantCountsForItsMembersAndSaysWhereItCameFrom() {
        EffectiveRoles engine = new EffectiveRoles(PERSONAS, Map.of("g", Set.of("u", "v")), Map.of());
        Grant grant = new Grant(Actor.group("g"), Target.project("p"), "member", false);
        List<EffectiveRoles.Effective> all = engine.of(List.of(grant));
        assertEquals(4, all.size());
        assertEquals(Set.of("u", "v"), all.stream().map(one -> one.userId()).collect(Collectors.toSet()));
        assertEquals(
                Set.of("member"),
                all.stream().flatMap(one -> one.prior().stream()).collect(Collectors.toSet()));
    }

    @Test
    void anInheritedGrantCountsBelowItsTargetAndNotOnIt() {
        EffectiveRoles engine = new EffectiveRoles(Map.of(), Map.of(), Map.of("d", Set.of("p", "q")));
        Grant grant = new Grant(Actor.user("u"), Target.domain("d"), "reader", true);
        assertEquals(
                Set.of(Target.project("p"), Target.project("q")),
                engine.of(List.of(grant)).stream().map(one -> one.target()).collect(Collectors.toSet()));
    }

    @Test
    void inRandomWorldsItEqualsAnEnumerationOfEveryPossibility() {
        for (long seed = 0; seed < 2_000; seed++) {
            World world = new World(new Random(seed));
            Set<String> computed = world.engine.of(world.grants).stream()
                    .map(one -> one.userId() + " " + one.target() + " " + one.roleId())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(world.everythingThatHolds(), computed, "seed " + seed);
        }
    }
}
