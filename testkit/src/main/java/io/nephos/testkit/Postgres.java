package io.nephos.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A real PostgreSQL on a free port of loopback, one for the run; each test class takes a database of its own. */
public final class Postgres {
    private static final String ROLE = "nephos";

    private Postgres() {}

    /** The port, after starting the server if this run has none yet. */
    public static int port() {
        return Integer.parseInt(TestRun.once("postgres", Postgres::start));
    }

    /** A new empty database; its role and password are both "nephos". */
    public static String newDatabase(String service) {
        String name = service + "_" + UUID.randomUUID().toString().substring(0, 8);
        try (Connection connection =
                        DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + "/postgres", ROLE, ROLE);
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
            return name;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String start() {
        Path bin = TestRun.distribution("postgres").resolve("bin");
        Path data = TestRun.directory().resolve("postgres-data");
        Path password = TestRun.directory().resolve("postgres-password");
        int port = TestRun.freePort();
        try {
            Files.createDirectory(data);
            Files.writeString(password, ROLE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean root = "root".equals(System.getProperty("user.name"));
        if (root) {
            TestRun.run(new ProcessBuilder("chown", "nobody", data.toString(), password.toString()));
        }
        TestRun.run(new ProcessBuilder(asNobody(
                root,
                bin.resolve("initdb").toString(),
                "--no-sync",
                "-D",
                data.toString(),
                "-U",
                ROLE,
                "--auth=scram-sha-256",
                "--pwfile=" + password,
                "--encoding=UTF8",
                "--locale=C.UTF-8")));
        TestRun.start(
                "postgres",
                new ProcessBuilder(asNobody(
                        root,
                        bin.resolve("postgres").toString(),
                        "-D",
                        data.toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=" + System.getProperty("nephos.testkit.fsync", "off"),
                        "-c",
                        "max_connections=200",
                        "-c",
                        "shared_buffers=32MB")));
        TestRun.await("postgres", Duration.ofSeconds(60), () -> answers(port));
        return Integer.toString(port);
    }

    private static boolean answers(int port) {
        try (Connection connection =
                DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", ROLE, ROLE)) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    // PostgreSQL refuses to run as root.
    private static List<String> asNobody(boolean root, String... command) {
        List<String> words = new ArrayList<>();
        if (root) {
            words.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        words.addAll(List.of(command));
        return words;
    }
}
