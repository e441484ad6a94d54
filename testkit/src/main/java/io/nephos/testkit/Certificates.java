package io.nephos.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A CA of the run and certificates from it: of each service by its name, and of the hosts "h1" and "h2". */
public final class Certificates {
    private static final List<String> SERVICES =
            List.of("identity", "compute", "network", "image", "block", "scheduler");
    private static final List<String> HOSTS = List.of("h1", "h2");

    private Certificates() {}

    /** The directory with ca.pem, compute.pem, compute.key, host-h1.pem, host-h1.key and so on. */
    public static Path directory() {
        return Path.of(TestRun.once("tls", Certificates::make));
    }

    private static String make() {
        Path home = TestRun.directory().resolve("certificates");
        try {
            Files.createDirectories(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        openssl(
                home,
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout ca.key -out ca.pem -subj /CN=nephos-test-ca");
        SERVICES.forEach(name -> issue(home, name, name, "DNS:" + name + ",IP:127.0.0.1"));
        HOSTS.forEach(name -> issue(home, "host-" + name, "host:" + name, "IP:127.0.0.1"));
        return home.toString();
    }

    private static void issue(Path home, String file, String commonName, String alternatives) {
        try {
            Files.writeString(home.resolve(file + ".ext"), "subjectAltName=" + alternatives);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        openssl(
                home,
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + file + ".key -out " + file
                        + ".csr -subj /CN=" + commonName);
        openssl(
                home,
                "x509 -req -in " + file + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile " + file
                        + ".ext -out " + file + ".pem");
    }

    private static void openssl(Path home, String arguments) {
        ProcessBuilder command = new ProcessBuilder(List.of(("openssl " + arguments).split(" ")));
        TestRun.run(command.directory(home.toFile()));
    }
}
