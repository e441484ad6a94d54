package io.nephos.identity.assignment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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

    /** A small cloud; what holds in it is found by asking of every user, target and role, with no shared code. */
    private static final class World {
        private static final int SIZE = 5;
        private final Map<String, Set<String>> implied = new HashMap<>();
        private final Map<String, Set<String>> members = new HashMap<>();
        private final Map<String, String> parents = new HashMap<>();
        private final List<Grant> grants = new ArrayList<>();
        private final EffectiveRoles engine;

        World(Random random) {
            for (int i = 0; i < SIZE; i++) {
                parents.put("p" + i, i == 0 || random.nextInt(3) == 0 ? "d" : "p" + random.nextInt(i));
                implied.computeIfAbsent("r" + random.nextInt(SIZE), key -> new HashSet<>())
                        .add("r" + random.nextInt(SIZE));
                members.computeIfAbsent("g" + random.nextInt(3), key -> new HashSet<>())
                        .add("u" + random.nextInt(SIZE));
            }
            for (int i = 0; i < 6; i++) {
                Actor actor = random.nextBoolean()
                        ? Actor.user("u" + random.nextInt(SIZE))
                        : Actor.group("g" + random.nextInt(3));
                Target target = switch (random.nextInt(4)) {
                    case 0 -> Target.domain("d");
                    case 1 -> Target.SYSTEM;
                    default -> Target.project("p" + random.nextInt(SIZE));
                };
                boolean inherited = !target.equals(Target.SYSTEM) && random.nextBoolean();
                grants.add(new Grant(actor, target, "r" + random.nextInt(SIZE), inherited));
            }
            Map<String, Set<String>> below = new HashMap<>();
            parents.keySet().forEach(project -> {
                for (String above = parents.get(project); above != null; above = parents.get(above)) {
                    below.computeIfAbsent(above, key -> new HashSet<>()).add(project);
                }
            });
            engine = new EffectiveRoles(implied, members, below);
        }

        Set<String> everythingThatHolds() {
            List<Target> targets = new ArrayList<>(List.of(Target.domain("d"), Target.SYSTEM));
            parents.keySet().forEach(project -> targets.add(Target.project(project)));
            Set<String> all = new TreeSet<>();
            for (int u = 0; u < SIZE; u++) {
                for (Target target : targets) {
                    for (int r = 0; r < SIZE; r++) {
                        if (holds("u" + u, target, "r" + r)) {
                            all.add("u" + u + " " + target + " r" + r);
                        }
                    }
                }
            }
            return all;
        }

        private boolean holds(String user, Target target, String role) {
            return grants.stream()
                    .anyMatch(grant -> isOrHas(grant.actor(), user)
                            && reaches(grant, target)
                            && leadsTo(grant.roleId(), role, SIZE));
        }

        private boolean isOrHas(Actor actor, String user) {
            return actor.isGroup()
                    ? members.getOrDefault(actor.id(), Set.of()).contains(user)
                    : actor.id().equals(user);
        }

        private boolean reaches(Grant grant, Target target) {
            if (!grant.inherited()) {
                return grant.target().equals(target);
            }
            return target.type().equals("project")
                    && isBelow(target.id(), grant.target().id());
        }

        private boolean isBelow(String project, String above) {
            String parent = parents.get(project);
            return parent != null && (parent.equals(above) || isBelow(parent, above));
        }

        private boolean leadsTo(String role, String wanted, int steps) {
            return role.equals(wanted)
                    || steps > 0
                            && implied.getOrDefault(role, Set.of()).stream()
                                    .anyMatch(next -> leadsTo(next, wanted, steps - 1));
        }
    }
}
