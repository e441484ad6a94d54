package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.Cells;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.core.Topology;
import io.nephos.scheduler.optimiser.World.Host;
import io.nephos.scheduler.optimiser.World.Server;
import io.nephos.scheduler.optimiser.World.Wish;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Units of servers on hosts, counted in arrays; changes as units move. Hosts, classes and units go by index. */
final class Layout {
    final List<Host> hosts;
    final List<Unit> units = new ArrayList<>();
    final List<String> classes;
    final long[][] capacity;
    final long[][] used;
    /** Units that are no units: what nobody moves, by host. */
    final int[] staying;

    /** NUMA cells with all that is taken of them, by host. */
    final Cells[] cells;

    final List<BitSet> occupied = new ArrayList<>();
    final List<TreeSet<Integer>> unitsOn = new ArrayList<>();
    private final List<List<CellShare>> lying = new ArrayList<>();
    int[] at;

    /**
     * What moves as one: a server, or all servers of a group that lie together.
     *
     * @param allowed where it may be, room and group aside; its home is always one of them
     * @param apart index of the group whose members share no host; -1 when there is none
     * @param celled it needs NUMA cells
     */
    record Unit(int index, List<Server> servers, long[] size, int home, BitSet allowed, int apart, boolean celled) {

        /** What it holds of the cells of its home. */
        List<CellShare> cells() {
            return servers.stream().flatMap(server -> server.cells().stream()).toList();
        }
    }

    private record Kind(Optional<Wish> wish, int like, Map<String, Long> resources) {}

    private Layout(List<Host> hosts, List<String> classes) {
        this.hosts = hosts;
        this.classes = classes;
        this.capacity = new long[hosts.size()][classes.size()];
        this.used = new long[hosts.size()][classes.size()];
        this.staying = new int[hosts.size()];
        this.cells = hosts.stream().map(Host::cells).toArray(Cells[]::new);
        this.at = new int[0];
    }

    /** Servers on hosts that are not up, or that lie with their group in no clear way, stay where they are. */
    static Layout of(World world) {
        TreeSet<String> names = new TreeSet<>();
        world.hosts().forEach(host -> {
            names.addAll(host.inventories().keySet());
            names.addAll(host.fixed().keySet());
        });
        world.servers().forEach(server -> names.addAll(server.resources().keySet()));
        Layout layout = new Layout(world.hosts(), List.copyOf(names));
        Map<String, Integer> index = new HashMap<>();
        for (int h = 0; h < layout.hosts.size(); h++) {
            Host host = layout.hosts.get(h);
            index.put(host.id(), h);
            layout.unitsOn.add(new TreeSet<>());
            layout.add(layout.used[h], host.fixed(), 1);
            layout.staying[h] = host.fixed().isEmpty() ? 0 : 1;
            for (int r = 0; r < layout.classes.size(); r++) {
                layout.capacity[h][r] = host.capacity(layout.classes.get(r));
            }
        }
        layout.fill(world, index);
        return layout;
    }

    private void fill(World world, Map<String, Integer> index) {
        Map<String, List<Server>> groups = new TreeMap<>();
        List<List<Server>> bundles = new ArrayList<>();
        for (Server server : world.servers()) {
            if (server.group().isPresent()) {
                groups.computeIfAbsent(server.group().get(), id -> new ArrayList<>())
                        .add(server);
            } else {
                bundles.add(List.of(server));
            }
        }
        Map<Kind, BitSet> known = new HashMap<>();
        bundles.forEach(bundle -> place(bundle, index, known, -1));
        groups.values().forEach(members -> {
            switch (World.rule(members)) {
                case TOGETHER -> place(members, index, known, -1);
                case FREE -> members.forEach(server -> place(List.of(server), index, known, -1));
                case MIXED -> members.forEach(server -> stay(server, index.getOrDefault(server.host(), -1)));
                case APART -> {
                    int group = members.size() > 1 ? occupied.size() : -1;
                    if (group >= 0) {
                        occupied.add(new BitSet());
                    }
                    members.forEach(server -> place(List.of(server), index, known, group));
                }
            }
        });
        at = units.stream().mapToInt(Unit::home).toArray();
    }

    private void place(List<Server> servers, Map<String, Integer> index, Map<Kind, BitSet> known, int apart) {
        int home = index.getOrDefault(servers.getFirst().host(), -1);
        if (home < 0) {
            return;
        }
        if (apart >= 0) {
            occupied.get(apart).set(home);
        }
        if (!hosts.get(home).up()) {
            servers.forEach(server -> stay(server, home));
            return;
        }
        BitSet allowed = new BitSet();
        allowed.set(0, hosts.size());
        long[] size = new long[classes.size()];
        for (Server server : servers) {
            allowed.and(known.computeIfAbsent(
                    new Kind(server.wish(), server.wish().isPresent() ? -1 : likeness(home), server.resources()),
                    kind -> allowed(server, hosts.get(home))));
            add(size, server.resources(), 1);
        }
        allowed.set(home);
        boolean celled = servers.stream().anyMatch(server -> server.topology().isPresent());
        Unit unit = new Unit(units.size(), servers, size, home, allowed, apart, celled);
        units.add(unit);
        unitsOn.get(home).add(unit.index());
        lying.add(unit.cells());
        cells[home] = cells[home].taking(unit.cells());
        for (int r = 0; r < size.length; r++) {
            used[home][r] += size[r];
        }
    }

    /** The first host that is like this one. */
    private int likeness(int home) {
        for (int h = 0; h < home; h++) {
            if (hosts.get(h).isLike(hosts.get(home))) {
                return h;
            }
        }
        return home;
    }

    private BitSet allowed(Server server, Host home) {
        BitSet allowed = new BitSet();
        for (int h = 0; h < hosts.size(); h++) {
            Host host = hosts.get(h);
            boolean wanted = server.wish().map(wish -> wish.allows(host)).orElseGet(() -> host.isLike(home));
            boolean sized = server.resources().entrySet().stream().allMatch(need -> {
                Inventory inventory = host.inventories().get(need.getKey());
                return inventory != null && inventory.withinUnits(need.getValue());
            });
            allowed.set(h, host.open() && wanted && sized);
        }
        return allowed;
    }

    private void stay(Server server, int host) {
        if (host < 0) {
            return;
        }
        add(used[host], server.resources(), 1);
        cells[host] = cells[host].taking(server.cells());
        staying[host]++;
    }

    private void add(long[] sum, Map<String, Long> resources, int sign) {
        resources.forEach((name, amount) -> sum[classes.indexOf(name)] += sign * amount);
    }

    /** It may be there, there is room, in cells too, and no other member of its group is there. */
    boolean fits(Unit unit, int host) {
        if (!unit.allowed().get(host)
                || unit.apart() >= 0 && occupied.get(unit.apart()).get(host)) {
            return false;
        }
        for (int r = 0; r < unit.size().length; r++) {
            if (unit.size()[r] > 0 && used[host][r] + unit.size()[r] > capacity[host][r]) {
                return false;
            }
        }
        return !unit.celled() || cellsFor(unit, host).isPresent();
    }

    /** The cells that the scheduler would give it there, server by server and node by node. */
    private Optional<List<CellShare>> cellsFor(Unit unit, int host) {
        Cells there = cells[host];
        List<CellShare> all = new ArrayList<>();
        for (Server server : unit.servers()) {
            Optional<Topology> topology = server.topology();
            if (topology.isPresent()) {
                Optional<List<CellShare>> shares = topology.get().on(there);
                if (shares.isEmpty()) {
                    return Optional.empty();
                }
                all.addAll(shares.get());
                there = there.taking(shares.get());
            }
        }
        return Optional.of(all);
    }

    /** To where it {@link #fits}. */
    void move(Unit unit, int host) {
        List<CellShare> shares = unit.celled() ? cellsFor(unit, host).orElseThrow() : List.of();
        lift(unit);
        lay(unit, host, shares);
    }

    /** What it holds of cells where it is. */
    List<CellShare> lying(Unit unit) {
        return lying.get(unit.index());
    }

    /** Takes it away from where it is; until it is laid down again it is nowhere. */
    void lift(Unit unit) {
        int from = at[unit.index()];
        for (int r = 0; r < unit.size().length; r++) {
            used[from][r] -= unit.size()[r];
        }
        unitsOn.get(from).remove(unit.index());
        if (unit.celled()) {
            cells[from] = cells[from].giving(lying(unit));
        }
        if (unit.apart() >= 0) {
            occupied.get(unit.apart()).clear(from);
        }
    }

    void lay(Unit unit, int host, List<CellShare> shares) {
        for (int r = 0; r < unit.size().length; r++) {
            used[host][r] += unit.size()[r];
        }
        unitsOn.get(host).add(unit.index());
        if (unit.celled()) {
            cells[host] = cells[host].taking(shares);
            lying.set(unit.index(), shares);
        }
        if (unit.apart() >= 0) {
            occupied.get(unit.apart()).set(host);
        }
        at[unit.index()] = host;
    }

    /** How many units are not at home. */
    int moved() {
        int moved = 0;
        for (Unit unit : units) {
            moved += at[unit.index()] == unit.home() ? 0 : 1;
        }
        return moved;
    }

    boolean empty(int host) {
        return staying[host] == 0 && unitsOn.get(host).isEmpty();
    }

    /** The mean load of the open hosts, by class. */
    double[] meanLoad() {
        double[] mean = new double[classes.size()];
        for (int r = 0; r < mean.length; r++) {
            double there = 0;
            double all = 0;
            for (int h = 0; h < hosts.size(); h++) {
                if (hosts.get(h).open()) {
                    there += used[h][r];
                    all += capacity[h][r];
                }
            }
            mean[r] = all > 0 ? there / all : 0;
        }
        return mean;
    }

    Measure measure() {
        Map<String, Map<String, Long>> all = new HashMap<>();
        for (int h = 0; h < hosts.size(); h++) {
            Map<String, Long> there = new HashMap<>();
            for (int r = 0; r < classes.size(); r++) {
                if (used[h][r] > 0) {
                    there.put(classes.get(r), used[h][r]);
                }
            }
            all.put(hosts.get(h).id(), there);
        }
        return Measure.of(hosts, all);
    }
}
