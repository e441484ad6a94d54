package io.nephos.rpc;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * This process's identity on the wire: {@code ca.pem}, {@code <name>.pem} and {@code <name>.key} (PKCS#8) in
 * {@code nephos.tls.directory}. The name is {@code nephos.tls.name}, by default the service's.
 */
@ApplicationScoped
public class Tls {
    private final Path ca;
    private final Path certificate;
    private final Path key;

    @Inject
    public Tls(
            @ConfigProperty(name = "nephos.tls.directory") String directory,
            @ConfigProperty(name = "nephos.tls.name") Optional<String> configured,
            @ConfigProperty(name = "nephos.service.name") String service) {
        String name = configured.orElse(service);
        Path home = Path.of(directory);
        this.ca = home.resolve("ca.pem");
        this.certificate = home.resolve(name + ".pem");
        this.key = home.resolve(name + ".key");
    }

    SslContext forServer() {
        return build(
                SslContextBuilder.forServer(certificate.toFile(), key.toFile()).clientAuth(ClientAuth.REQUIRE));
    }

    SslContext forClient() {
        return build(SslContextBuilder.forClient().keyManager(certificate.toFile(), key.toFile()));
    }

    private SslContext build(SslContextBuilder builder) {
        try {
            return GrpcSslContexts.configure(builder.trustManager(ca.toFile()), SslProvider.JDK)
                    .protocols("TLSv1.3")
                    .build();
        } catch (SSLException e) {
            throw new UncheckedIOException("TLS identity " + certificate + " cannot be used", e);
        }
    }
}
