package io.nephos.benchmark.scheduler;

import io.nephos.benchmark.scheduler.Report.Better;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The core by itself, the service over gRPC with a real PostgreSQL, the optimiser, and one table of all that: {@code
 * SchedulerBench path/of/quarkus-run.jar [seconds [hosts...]]}. The seconds are those of one line of the service's part.
 */
public final class SchedulerBench {
    private final Report report = new Report();
    private final int seconds;
    private final List<Integer> sizes;

    private SchedulerBench(int seconds, List<Integer> sizes) {
        this.seconds = seconds;
        this.sizes = sizes;
    }

    public static void main(String... arguments) throws Exception {
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        List<Integer> sizes = arguments.length > 2
                ? Stream.of(arguments).skip(2).map(Integer::valueOf).toList()
                : List.of(100, 1_000, 10_000);
        SchedulerBench bench = new SchedulerBench(seconds, sizes);
        long began = System.nanoTime();
        bench.core();
        bench.service(Path.of(arguments[0]));
        List<String> plans = OptimiserLoad.plans(1_000, 10_000, Duration.ofSeconds(Math.min(30, 6L * seconds)), 1_000);
        bench.report.print();
        System.out.println();
        plans.forEach(System.out::println);
        System.out.printf(
                "%nmeasured in %d s%n",
                Duration.ofNanos(System.nanoTime() - began).toSeconds());
    }

    /** Decisions per second, one thread. */
    private void core() throws RunnerException {
        System.out.println("the core, decisions/s");
        int iterations = Math.max(1, Math.min(3, seconds / 2));
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(CoreBenchmark.class.getName() + "\\.place")
                        .param("hosts", sizes.stream().map(String::valueOf).toArray(String[]::new))
                        .warmupIterations(iterations)
                        .measurementIterations(iterations)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementTime(TimeValue.seconds(1))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        for (RunResult result : results) {
            double score = result.getPrimaryResult().getScore();
            report.add(
                    "core, decisions/s: " + result.getParams().getParam("placement") + ", "
                            + kind(result.getParams().getParam("kind")),
                    Better.MORE,
                    Integer.parseInt(result.getParams().getParam("hosts")),
                    score,
                    String.format(Locale.ROOT, "%,.0f", score));
        }
    }

    static String kind(String kind) {
        return kind.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void service(Path jar) throws Exception {
        System.out.println("scheduler-service over gRPC, with a PostgreSQL that syncs to disk");
        try (ServiceUnderLoad service = new ServiceUnderLoad(jar)) {
            SchedulerLoad load = new SchedulerLoad(service, seconds, report);
            for (int hosts : sizes) {
                load.measure(hosts);
            }
        }
    }
}
