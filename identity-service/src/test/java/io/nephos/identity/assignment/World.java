package io.nephos.identity.assignment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** A small cloud; what holds in it is found by asking of every user, target and role, with no shared code. */
final class World {
    static final int SIZE = 5;
    final Map<String, Set<String>> implied = new HashMap<>();
    final Map<String, Set<String>> members = new HashMap<>();
    final Map<String, String> parents = new HashMap<>();
    final List<Grant> grants = new ArrayList<>();
    final EffectiveRoles engine;

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
            for (Target target : targets()) {
                for (int r = 0; r < SIZE; r++) {
                    if (holds("u" + u, target, "r" + r)) {
                        all.add("u" + u + " " + target + " r" + r);
                    }
                }
            }
        }
        return all;
    }

    List<Target> targets() {
        List<Target> targets = new ArrayList<>(List.of(Target.domain("d"), Target.SYSTEM));
        parents.keySet().forEach(project -> targets.add(Target.project(project)));
        return targets;
    }

    boolean holds(String user, Target target, String role) {
        return grants.stream()
                .anyMatch(grant ->
                        isOrHas(grant.actor(), user) && reaches(grant, target) && leadsTo(grant.roleId(), role, SIZE));
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
