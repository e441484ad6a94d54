package io.nephos.testkit;

import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Another process of the cloud, played by the test: serves what the service under test asks of that peer, or calls the
 * service under test with that peer's certificate.
 */
public final class Peer {
    private Peer() {}

    /** Serves as that service ("scheduler"); close it by {@link Server#shutdownNow}. */
    public static Server serve(String name, BindableService... services) {
        var builder = Grpc.newServerBuilderForPort(
                Integer.getInteger("nephos.testkit.peer." + name, 0), serverCredentials(name));
        for (BindableService service : services) {
            builder.addService(service);
        }
        try {
            return builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A channel to the service under test, speaking as "compute", "host-h1" and so on. */
    public static ManagedChannel channelAs(String certificate) {
        Path home = Certificates.directory();
        try {
            return Grpc.newChannelBuilderForAddress(
                            "127.0.0.1",
                            Integer.getInteger("nephos.testkit.rpc.port", 0),
                            TlsChannelCredentials.newBuilder()
                                    .keyManager(
                                            home.resolve(certificate + ".pem").toFile(),
                                            home.resolve(certificate + ".key").toFile())
                                    .trustManager(home.resolve("ca.pem").toFile())
                                    .build())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A channel to the service under test that trusts it but shows no certificate. */
    public static ManagedChannel channelWithoutCertificate() {
        try {
            return Grpc.newChannelBuilderForAddress(
                            "127.0.0.1",
                            Integer.getInteger("nephos.testkit.rpc.port", 0),
                            TlsChannelCredentials.newBuilder()
                                    .trustManager(Certificates.directory()
                                            .resolve("ca.pem")
                                            .toFile())
                                    .build())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static io.grpc.ServerCredentials serverCredentials(String name) {
        Path home = Certificates.directory();
        try {
            return TlsServerCredentials.newBuilder()
                    .keyManager(
                            home.resolve(name + ".pem").toFile(),
                            home.resolve(name + ".key").toFile())
                    .trustManager(home.resolve("ca.pem").toFile())
                    .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
