package io.nephos.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A real S3 server (S3Proxy on files), as a process. */
public final class S3 implements AutoCloseable {
    public static final String ACCESS = "access";
    public static final String SECRET = "secretsecret";

    private final int port;
    private final Process process;

    private S3(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    /**
     * Returns when it answers.
     *
     * @param jar S3Proxy with all that it needs
     * @param home an empty directory
     * @param bucket one that is there
     */
    public static S3 start(Path jar, Path home, String bucket) {
        int port = TestRun.freePort();
        try {
            Path data = Files.createDirectory(home.resolve("data"));
            Files.createDirectory(data.resolve(bucket));
            Path properties = home.resolve("s3proxy.properties");
            Files.writeString(
                    properties,
                    String.join(
                            "\n",
                            "s3proxy.endpoint=http://127.0.0.1:" + port,
                            "s3proxy.authorization=aws-v2-or-v4",
                            "s3proxy.identity=" + ACCESS,
                            "s3proxy.credential=" + SECRET,
                            "jclouds.provider=filesystem-nio2",
                            "jclouds.filesystem.basedir=" + data));
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-jar",
                            jar.toAbsolutePath().toString(),
                            "--properties",
                            properties.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("s3proxy.log").toFile())
                    .start();
            TestRun.await("the S3 server in " + home, Duration.ofSeconds(60), () -> TestRun.open(port));
            return new S3(port, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
