package io.nephos.benchmark.scheduler;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.nephos.contracts.scheduler.v1.ListHostsRequest;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.scheduler.core.Host;
import io.nephos.testkit.Peer;
import io.nephos.testkit.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** scheduler-service as a process of its own, as it is deployed, on a PostgreSQL of its own that syncs to disk. */
final class ServiceUnderLoad implements AutoCloseable {
    private final ServiceProcess process;
    private final ManagedChannel channel;

    ServiceUnderLoad(Path jar) throws IOException {
        Path log = jar.resolveSibling("bench.log");
        Files.deleteIfExists(log);
        // The hosts' hearts do not beat.
        process = new ServiceProcess(jar, log, Map.of("nephos.scheduler.host-timeout", "1h"), options());
        process.start();
        channel = Peer.channelAs("compute");
        awaitAnswer();
    }

    private static List<String> options() {
        List<String> options =
                new ArrayList<>(List.of("-Xmx" + System.getProperty("bench.heap", "256m"), "-XX:+UseSerialGC"));
        // For example -XX:StartFlightRecording=filename=bench.jfr
        String more = System.getProperty("bench.jvm", "");
        if (!more.isEmpty()) {
            options.addAll(List.of(more.split(" ", -1)));
        }
        return options;
    }

    ManagedChannel channel() {
        return channel;
    }

    int http() {
        return process.port();
    }

    private void awaitAnswer() {
        for (int i = 0; i < 600; i++) {
            try {
                SchedulerGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .listHosts(ListHostsRequest.getDefaultInstance());
                return;
            } catch (StatusRuntimeException notYet) {
                try {
                    Thread.sleep(100);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        throw new IllegalStateException("scheduler-service does not answer; see bench.log beside its jar");
    }

    /** Exactly these hosts, as if their agents had reported; nothing is placed on them. */
    void populate(List<Host> hosts) throws SQLException {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("delete from allocation");
                statement.execute("delete from consumer");
                statement.execute("delete from resource_provider");
                for (String trait : Fleet.TRAITS) {
                    statement.execute("insert into trait (name) values ('" + trait + "') on conflict do nothing");
                }
            }
            try (PreparedStatement provider = connection.prepareStatement(
                            "insert into resource_provider (id, name, root_id) values (?, ?, ?)");
                    PreparedStatement row = connection.prepareStatement(
                            "insert into host (id, name, agent_address, hypervisor_type, hypervisor_version,"
                                    + " availability_zone, cpu_info, up, last_heartbeat)"
                                    + " values (?, ?, '127.0.0.1:1', 'fake', 1, ?, '{}', true, now())");
                    PreparedStatement inventory = connection.prepareStatement(
                            "insert into inventory (provider_id, resource_class, total, reserved, min_unit, max_unit,"
                                    + " step_size, allocation_ratio) values (?, ?, ?, ?, 1, ?, 1, ?)");
                    PreparedStatement trait = connection.prepareStatement(
                            "insert into provider_trait (provider_id, trait, reported) values (?, ?, true)")) {
                for (Host host : hosts) {
                    set(provider, host.id(), host.name(), host.id());
                    set(row, host.id(), host.name(), host.availabilityZone());
                    for (var entry : host.inventories().entrySet()) {
                        var of = entry.getValue();
                        set(
                                inventory,
                                host.id(),
                                entry.getKey(),
                                of.total(),
                                of.reserved(),
                                of.maxUnit(),
                                of.allocationRatio());
                    }
                    for (String name : host.traits()) {
                        set(trait, host.id(), name);
                    }
                }
                for (PreparedStatement each : List.of(provider, row, inventory, trait)) {
                    each.executeBatch();
                }
            }
            connection.commit();
        }
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("vacuum analyze");
        }
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.addBatch();
    }

    /** What is held beyond the capacity of any host: must be 0. */
    long overbooked() throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select count(*) from (select a.provider_id from allocation a join inventory i on"
                                + " i.provider_id = a.provider_id and i.resource_class = a.resource_class group by"
                                + " a.provider_id, a.resource_class, i.total, i.reserved, i.allocation_ratio having"
                                + " sum(a.used) > floor((i.total - i.reserved) * i.allocation_ratio)) as over")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    long allocated() throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(distinct consumer_id) from allocation")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(process.jdbcUrl(), "nephos", "nephos");
    }

    /**
     * Processor time in milliseconds: of the service without the JVM's compilers, of those (which end with a warm service), of
     * the database, and of this process.
     */
    record Cpu(long service, long compilers, long database, long clients) {
        static final Cpu NONE = new Cpu(0, 0, 0, 0);

        Cpu and(Cpu more) {
            return new Cpu(
                    service + more.service,
                    compilers + more.compilers,
                    database + more.database,
                    clients + more.clients);
        }

        Cpu since(Cpu before) {
            return new Cpu(
                    service - before.service,
                    compilers - before.compilers,
                    database - before.database,
                    clients - before.clients);
        }
    }

    Cpu cpu() throws IOException {
        long service = millis(process.handle());
        long compilers = compilers();
        return new Cpu(
                service - compilers,
                compilers,
                ProcessHandle.current()
                        .descendants()
                        .filter(ServiceUnderLoad::isPostgres)
                        .mapToLong(ServiceUnderLoad::millis)
                        .sum(),
                millis(ProcessHandle.current()));
    }

    private static boolean isPostgres(ProcessHandle handle) {
        return handle.info()
                .command()
                .filter(command -> command.endsWith("postgres"))
                .isPresent();
    }

    private static long millis(ProcessHandle handle) {
        return handle.info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
    }

    /** As Linux counts, in hundredths of a second. */
    private long compilers() throws IOException {
        long ticks = 0;
        try (Stream<Path> threads =
                Files.list(Path.of("/proc/" + process.handle().pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                try {
                    String stat = Files.readString(thread.resolve("stat"));
                    if (stat.contains("CompilerThre")) {
                        String[] fields =
                                stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                        ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                    }
                } catch (NoSuchFileException gone) {
                    // a thread that has ended meanwhile
                }
            }
        }
        return ticks * 10;
    }

    /** Resident memory of the process. */
    long residentMib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.handle().pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        process.stop();
        process.close();
    }
}
