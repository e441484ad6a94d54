package io.nephos.conformance;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A running guest, reached from outside through its address. */
record Guest(String address, Path key) {
    boolean answersPing() {
        return Cli.execute(List.of("ping", "-c", "1", "-W", "2", address), Map.of())
                        .status()
                == 0;
    }

    /** What the command printed in the guest; it must succeed. */
    String ssh(String command) {
        Cli.Outcome outcome = trySsh(command);
        if (outcome.status() != 0) {
            throw new AssertionError("ssh " + address + " " + command + ": " + outcome.error() + outcome.output());
        }
        return outcome.output().strip();
    }

    boolean answersSsh() {
        return trySsh("true").status() == 0;
    }

    private Cli.Outcome trySsh(String command) {
        return Cli.execute(
                List.of(
                        "ssh",
                        "-i",
                        key.toString(),
                        "-o",
                        "BatchMode=yes",
                        "-o",
                        "ConnectTimeout=5",
                        "-o",
                        "StrictHostKeyChecking=no",
                        "-o",
                        "UserKnownHostsFile=/dev/null",
                        "-o",
                        "LogLevel=ERROR",
                        "root@" + address,
                        command),
                Map.of());
    }

    /** Waits until it is so; else fails with what {@code otherwise} says. */
    static void await(Duration atMost, BooleanSupplier condition, Supplier<String> otherwise) {
        Instant end = Instant.now().plus(atMost);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("Not within " + atMost.toSeconds() + " s: " + otherwise.get());
            }
            try {
                Thread.sleep(500);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
