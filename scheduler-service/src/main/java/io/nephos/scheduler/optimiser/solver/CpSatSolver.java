package io.nephos.scheduler.optimiser.solver;

import com.google.ortools.Loader;
import com.google.ortools.sat.BoolVar;
import com.google.ortools.sat.CpModel;
import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;
import com.google.ortools.sat.IntVar;
import com.google.ortools.sat.LinearExpr;
import com.google.ortools.sat.LinearExprBuilder;
import com.google.ortools.sat.Literal;
import io.nephos.scheduler.optimiser.Problem;
import io.nephos.scheduler.optimiser.Problem.Item;
import io.nephos.scheduler.optimiser.Problem.Part;
import io.nephos.scheduler.optimiser.Problem.Place;
import io.nephos.scheduler.optimiser.Problem.Solution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** OR-Tools' CP-SAT. The native library (some 70 MB) is loaded with the first problem, never before. */
public final class CpSatSolver implements Problem.Solver {
    /** CP-SAT counts in integers: loads and costs are in millionths. */
    private static final long SCALE = 1_000_000;

    private final int workers;

    /** @param workers threads of the solver */
    public CpSatSolver(int workers) {
        this.workers = workers;
    }

    private static final class Library {
        static {
            Loader.loadNativeLibraries();
        }

        static void load() {}
    }

    @Override
    public Optional<Solution> solve(Problem problem, Duration limit) {
        Library.load();
        Model model = new Model(problem);
        CpSolver solver = new CpSolver();
        solver.getParameters()
                .setMaxTimeInSeconds(Math.max(0.01, limit.toMillis() / 1000.0))
                .setNumSearchWorkers(workers)
                .setRandomSeed(1);
        CpSolverStatus status = solver.solve(model.model);
        if (status != CpSolverStatus.OPTIMAL && status != CpSolverStatus.FEASIBLE) {
            return Optional.empty();
        }
        int[] places = model.places(solver);
        return Optional.of(new Solution(places, model.pockets(solver, places), status == CpSolverStatus.OPTIMAL));
    }

    private static final class Model {
        private static final TreeMap<Integer, Literal> NOWHERE = new TreeMap<>();
        final CpModel model = new CpModel();
        private final Problem problem;
        private final List<TreeMap<Integer, BoolVar>> on = new ArrayList<>();
        /** By item, part and place; then by pocket. */
        private final Map<List<Integer>, TreeMap<Integer, Literal>> in = new HashMap<>();

        private final LinearExprBuilder objective = LinearExpr.newBuilder();

        Model(Problem problem) {
            this.problem = problem;
            problem.items().forEach(this::layOnOnePlace);
            for (int p = 0; p < problem.places().size(); p++) {
                keepRoom(p);
                keepPockets(p);
                switch (problem.objective()) {
                    case DEVIATION -> countDeviation(p);
                    case COST -> countCost(p);
                }
            }
            problem.apart().forEach(this::keepApart);
            keepBudget();
            model.minimize(objective);
        }

        private void layOnOnePlace(Item item) {
            TreeMap<Integer, BoolVar> choices = new TreeMap<>();
            for (int place : item.places()) {
                BoolVar here = model.newBoolVar("");
                choices.put(place, here);
                objective.addTerm(here, scaled(problem.places().get(place).toll()));
                if (item.now() >= 0) {
                    model.addHint(here, item.now() == place);
                }
            }
            on.add(choices);
            model.addExactlyOne(choices.values().toArray(Literal[]::new));
        }

        private void keepRoom(int p) {
            Place place = problem.places().get(p);
            for (int r = 0; r < place.room().length; r++) {
                long[] sizes = sizes(r);
                LinearExprBuilder there = LinearExpr.newBuilder();
                long most = 0;
                for (int i = 0; i < on.size(); i++) {
                    BoolVar here = on.get(i).get(p);
                    if (here != null && sizes[i] > 0) {
                        there.addTerm(here, sizes[i]);
                        most += sizes[i];
                    }
                }
                if (most > place.room()[r]) {
                    model.addLessOrEqual(there, Math.max(0, place.room()[r]));
                }
            }
        }

        /** Each part of what is here lies in a pocket, those of one owner in different ones, and no pocket is overfull. */
        private void keepPockets(int p) {
            Place place = problem.places().get(p);
            for (int i = 0; i < on.size(); i++) {
                BoolVar here = on.get(i).get(p);
                if (here != null) {
                    putIntoPockets(i, p, here);
                }
            }
            for (int c = 0; c < place.pockets().size(); c++) {
                for (int d = 0; d < place.pockets().get(c).room().length; d++) {
                    keepPocket(p, c, d);
                }
            }
        }

        private void putIntoPockets(int i, int p, BoolVar here) {
            Item item = problem.items().get(i);
            if (p == item.home() && item.held().length == 0) {
                return;
            }
            Map<List<Integer>, List<Literal>> own = new HashMap<>();
            for (int k = 0; k < item.parts().size(); k++) {
                Part part = item.parts().get(k);
                TreeMap<Integer, Literal> choices = new TreeMap<>();
                if (p == item.home()) {
                    choices.put(item.held()[k], here);
                } else {
                    LinearExprBuilder some = LinearExpr.newBuilder();
                    for (int c = 0; c < problem.places().get(p).pockets().size(); c++) {
                        if (problem.places().get(p).pockets().get(c).takes(part)) {
                            BoolVar there = model.newBoolVar("");
                            choices.put(c, there);
                            some.add(there);
                            own.computeIfAbsent(List.of(part.owner(), c), same -> new ArrayList<>())
                                    .add(there);
                        }
                    }
                    model.addEquality(some, here);
                }
                in.put(List.of(i, k, p), choices);
            }
            own.values().stream().filter(several -> several.size() > 1).forEach(model::addAtMostOne);
        }

        private void keepPocket(int p, int c, int d) {
            LinearExprBuilder there = LinearExpr.newBuilder();
            long most = 0;
            for (int i = 0; i < on.size(); i++) {
                List<Part> parts = problem.items().get(i).parts();
                for (int k = 0; k < parts.size(); k++) {
                    Literal here = in.getOrDefault(List.of(i, k, p), NOWHERE).get(c);
                    if (here != null && parts.get(k).size()[d] > 0) {
                        there.addTerm(here, parts.get(k).size()[d]);
                        most += parts.get(k).size()[d];
                    }
                }
            }
            long room = problem.places().get(p).pockets().get(c).room()[d];
            if (most > room) {
                model.addLessOrEqual(there, Math.max(0, room));
            }
        }

        private void countDeviation(int p) {
            Place place = problem.places().get(p);
            for (int r = 0; r < place.capacity().length; r++) {
                if (place.capacity()[r] <= 0) {
                    continue;
                }
                long[] sizes = sizes(r);
                long base = scaled((double) place.base()[r] / place.capacity()[r] - place.aim()[r]);
                LinearExprBuilder over = LinearExpr.newBuilder().add(base);
                LinearExprBuilder under = LinearExpr.newBuilder().add(-base);
                long most = Math.abs(base);
                for (int i = 0; i < on.size(); i++) {
                    BoolVar here = on.get(i).get(p);
                    if (here != null && sizes[i] > 0) {
                        long load = scaled((double) sizes[i] / place.capacity()[r]);
                        over.addTerm(here, load);
                        under.addTerm(here, -load);
                        most += load;
                    }
                }
                IntVar deviation = model.newIntVar(0, most, "");
                model.addGreaterOrEqual(deviation, over);
                model.addGreaterOrEqual(deviation, under);
                objective.add(deviation);
            }
        }

        private void countCost(int p) {
            Place place = problem.places().get(p);
            if (!place.inUse()) {
                BoolVar used = model.newBoolVar("");
                for (TreeMap<Integer, BoolVar> choices : on) {
                    BoolVar here = choices.get(p);
                    if (here != null) {
                        model.addImplication(here, used);
                    }
                }
                objective.addTerm(used, place.cost() * SCALE);
            }
        }

        private void keepApart(int[] items) {
            for (int p = 0; p < problem.places().size(); p++) {
                List<Literal> here = new ArrayList<>();
                for (int item : items) {
                    BoolVar there = on.get(item).get(p);
                    if (there != null) {
                        here.add(there);
                    }
                }
                if (here.size() > 1) {
                    model.addAtMostOne(here);
                }
            }
        }

        /** Staying at home saves the cost of a move; no more may move than the budget allows. */
        private void keepBudget() {
            LinearExprBuilder staying = LinearExpr.newBuilder();
            int homes = 0;
            for (int i = 0; i < on.size(); i++) {
                int home = problem.items().get(i).home();
                if (home >= 0) {
                    homes++;
                    BoolVar stays = on.get(i).get(home);
                    if (stays != null) {
                        staying.add(stays);
                        objective.addTerm(stays, -scaled(problem.moving()));
                    }
                }
            }
            if (problem.budget() < homes) {
                model.addGreaterOrEqual(staying, (long) homes - Math.max(0, problem.budget()));
            }
        }

        private long[] sizes(int r) {
            return problem.items().stream().mapToLong(item -> item.size()[r]).toArray();
        }

        int[] places(CpSolver solver) {
            return on.stream()
                    .mapToInt(choices -> choices.entrySet().stream()
                            .filter(choice -> solver.booleanValue(choice.getValue()))
                            .findFirst()
                            .orElseThrow()
                            .getKey())
                    .toArray();
        }

        int[][] pockets(CpSolver solver, int[] places) {
            int[][] pockets = new int[places.length][];
            for (int i = 0; i < places.length; i++) {
                Item item = problem.items().get(i);
                int place = places[i];
                int parts =
                        place == item.home() ? item.held().length : item.parts().size();
                pockets[i] = new int[parts];
                for (int k = 0; k < parts; k++) {
                    pockets[i][k] = in.getOrDefault(List.of(i, k, place), NOWHERE).entrySet().stream()
                            .filter(choice -> solver.booleanValue(choice.getValue()))
                            .findFirst()
                            .orElseThrow()
                            .getKey();
                }
            }
            return pockets;
        }

        private static long scaled(double value) {
            return Math.round(value * SCALE);
        }
    }
}
