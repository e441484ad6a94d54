package io.nephos.scheduler.provider;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * All providers with their trees, who shares with which tree, and which trees have a resource class or a trait. Providers are
 * immutable and replaced one by one. For one thread at a time.
 */
public final class Forest {
    private final TreeMap<String, Provider> byId = new TreeMap<>();
    private final Map<String, Tree> trees = new HashMap<>();
    private final TreeMap<String, Provider> sharing = new TreeMap<>();
    private final List<String> rootsBySlot = new ArrayList<>();
    private final BitSet slots = new BitSet();
    private final Map<String, BitSet> withClass = new HashMap<>();
    private final Map<String, BitSet> withTrait = new HashMap<>();

    private record Tree(int slot, TreeMap<String, Provider> members) {}

    public static Forest of(Collection<Provider> providers) {
        Forest forest = new Forest();
        providers.forEach(forest::put);
        return forest;
    }

    /** Takes the provider in, or replaces what is known of it. */
    public void put(Provider given) {
        Provider before = byId.get(given.id());
        Provider provider = before == null ? given : given.sharingWith(before);
        if (before != null && !before.rootId().equals(provider.rootId())) {
            remove(before.id());
            before = null;
        }
        byId.put(provider.id(), provider);
        if (provider.sharing()) {
            sharing.put(provider.id(), provider);
        } else {
            sharing.remove(provider.id());
        }
        Tree tree = trees.computeIfAbsent(provider.rootId(), this::plant);
        tree.members().put(provider.id(), provider);
        if (before == null
                || before.traits() != provider.traits()
                || !before.inventories().keySet().equals(provider.inventories().keySet())) {
            if (before != null) {
                unmark(tree, before);
            }
            mark(tree, provider);
        }
    }

    public void remove(String id) {
        Provider provider = byId.remove(id);
        if (provider == null) {
            return;
        }
        sharing.remove(id);
        Tree tree = trees.get(provider.rootId());
        if (tree != null) {
            tree.members().remove(id);
            unmark(tree, provider);
            if (tree.members().isEmpty()) {
                trees.remove(provider.rootId());
                slots.clear(tree.slot());
            }
        }
    }

    private Tree plant(String root) {
        int slot = slots.nextClearBit(0);
        slots.set(slot);
        if (slot == rootsBySlot.size()) {
            rootsBySlot.add(root);
        } else {
            rootsBySlot.set(slot, root);
        }
        return new Tree(slot, new TreeMap<>());
    }

    private void mark(Tree tree, Provider provider) {
        provider.inventories()
                .keySet()
                .forEach(name ->
                        withClass.computeIfAbsent(name, same -> new BitSet()).set(tree.slot()));
        provider.traits()
                .forEach(name ->
                        withTrait.computeIfAbsent(name, same -> new BitSet()).set(tree.slot()));
    }

    /** What a member had is gone from the tree unless another member has it. */
    private void unmark(Tree tree, Provider gone) {
        clear(withClass, gone.inventories().keySet(), tree);
        clear(withTrait, gone.traits(), tree);
        tree.members().values().forEach(member -> mark(tree, member));
    }

    private static void clear(Map<String, BitSet> index, Set<String> names, Tree tree) {
        for (String name : names) {
            BitSet bits = index.get(name);
            if (bits != null) {
                bits.clear(tree.slot());
                if (bits.isEmpty()) {
                    index.remove(name);
                }
            }
        }
    }

    /** By id. */
    public Collection<Provider> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    public Optional<Provider> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The members of a tree, by id. */
    public Collection<Provider> tree(String root) {
        Tree tree = trees.get(root);
        return tree == null
                ? List.of()
                : Collections.unmodifiableCollection(tree.members().values());
    }

    /** Some provider has an inventory of that class. */
    public boolean hasClass(String name) {
        return withClass.containsKey(name);
    }

    /** Some provider has that trait. */
    public boolean hasTrait(String name) {
        return withTrait.containsKey(name);
    }

    /**
     * Roots of the trees in which something could be found, and perhaps of more: a tree that has none of a class or of all
     * traits of a set, and with which nobody shares them, is left out.
     *
     * @param traits of each set at least one
     */
    public List<String> roots(Collection<String> classes, Collection<Set<String>> traits) {
        BitSet left = (BitSet) slots.clone();
        for (String name : classes) {
            if (sharing.values().stream()
                    .noneMatch(provider -> provider.inventories().containsKey(name))) {
                left.and(withClass.getOrDefault(name, new BitSet()));
            }
        }
        for (Set<String> anyOf : traits) {
            if (sharing.values().stream().noneMatch(provider -> anyOf.stream().anyMatch(provider.traits()::contains))) {
                BitSet some = new BitSet();
                anyOf.forEach(name -> some.or(withTrait.getOrDefault(name, new BitSet())));
                left.and(some);
            }
        }
        return left.stream().mapToObj(rootsBySlot::get).toList();
    }

    /** Nobody in that tree gives to servers of other trees. */
    public boolean keepsToItself(String root) {
        return tree(root).stream().noneMatch(Provider::sharing);
    }

    /** Who can give to a server in that tree: its own providers, and those that share with an aggregate that one is in. */
    public List<Provider> reach(String root) {
        Collection<Provider> own = tree(root);
        List<Provider> reach = new ArrayList<>(own);
        if (!sharing.isEmpty()) {
            Set<String> aggregates = new HashSet<>();
            own.forEach(provider -> aggregates.addAll(provider.aggregates()));
            for (Provider provider : sharing.values()) {
                if (!provider.rootId().equals(root) && provider.inAnyOf(aggregates)) {
                    reach.add(provider);
                }
            }
        }
        return reach;
    }

    /** Its own aggregates and those of its root, which count for all of a tree. */
    public Set<String> aggregates(Provider provider) {
        if (provider.id().equals(provider.rootId())) {
            return provider.aggregates();
        }
        Set<String> aggregates = new HashSet<>(provider.aggregates());
        find(provider.rootId()).ifPresent(root -> aggregates.addAll(root.aggregates()));
        return aggregates;
    }
}
