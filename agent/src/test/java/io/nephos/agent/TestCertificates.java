package io.nephos.agent;

import io.nephos.agent.command.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A certificate authority of a test, and certificates from it, by the openssl program. */
public final class TestCertificates {
    private final Path directory;

    /** Makes ca.pem and ca.key in a directory that QEMU's user may read. */
    public TestCertificates(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=agent-test-ca -keyout "
                + directory.resolve("ca.key") + " -out " + directory.resolve("ca.pem"));
    }

    /** Makes file.pem and file.key. */
    public void issue(String file, String commonName, String alternatives) throws IOException {
        Path extensions = directory.resolve(file + ".ext");
        Path request = directory.resolve(file + ".csr");
        Files.writeString(extensions, "subjectAltName=" + alternatives);
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + commonName + " -keyout "
                + directory.resolve(file + ".key") + " -out " + request);
        openssl("x509 -req -days 2 -in " + request + " -CA " + directory.resolve("ca.pem") + " -CAkey "
                + directory.resolve("ca.key") + " -CAcreateserial -extfile " + extensions + " -out "
                + directory.resolve(file + ".pem"));
    }

    /** The names that QEMU looks for, for both ends of NBD. */
    public static void forNbd(Path directory) throws IOException {
        TestCertificates made = new TestCertificates(directory);
        made.issue("server", "block", "DNS:block");
        made.issue("client", "host", "DNS:host");
        Files.copy(directory.resolve("ca.pem"), directory.resolve("ca-cert.pem"));
        for (String end : List.of("server", "client")) {
            Files.copy(directory.resolve(end + ".pem"), directory.resolve(end + "-cert.pem"));
            Files.copy(directory.resolve(end + ".key"), directory.resolve(end + "-key.pem"));
        }
        Commands.run(Duration.ofSeconds(5), "chmod", "-R", "a+rX", directory.toString());
    }

    private static void openssl(String arguments) {
        Commands.run(Duration.ofSeconds(20), List.of(("openssl " + arguments).split(" ")));
    }
}
