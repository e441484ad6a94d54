package io.nephos.kit.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** This process among its service's replicas. The name survives a restart, so that a restarted replica takes back its leases. */
@ApplicationScoped
public class Replica {
    private final String name;

    @Inject
    public Replica(
            @ConfigProperty(name = "nephos.service.name") String service,
            @ConfigProperty(name = "quarkus.http.port") int port,
            @ConfigProperty(name = "nephos.replica") Optional<String> configured) {
        this.name = configured.orElseGet(() -> service + "@" + hostname() + ":" + port);
    }

    public String name() {
        return name;
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
