package io.nephos.rpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Serves every {@link BindableService} bean of this process on {@code nephos.rpc.listen} ("address:port,..."), each call
 * on a virtual thread of its own. Without that setting nothing is served.
 */
@ApplicationScoped
public class RpcServer {
    public static final String REQUEST_ID_MDC = "requestId";
    static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
    private static final Logger LOG = Logger.getLogger(RpcServer.class);

    private final Optional<List<String>> listen;
    private final Tls tls;
    private final Instance<BindableService> services;
    private @Nullable Server server;

    /** @param telemetry asked for so that it is set up before the first call looks for it */
    @Inject
    public RpcServer(
            @ConfigProperty(name = "nephos.rpc.listen") Optional<List<String>> listen,
            Tls tls,
            @Any Instance<BindableService> services,
            OpenTelemetry telemetry) {
        this.listen = listen;
        this.tls = tls;
        this.services = services;
    }

    // Last of the start-up observers: a call may come in as soon as the port is open.
    void start(@Observes @Priority(Integer.MAX_VALUE - 10) StartupEvent event) {
        if (listen.isEmpty()) {
            return;
        }
        List<InetSocketAddress> addresses =
                listen.get().stream().map(RpcServer::address).toList();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(addresses.getFirst())
                .sslContext(tls.forServer())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .permitKeepAliveTime(10, TimeUnit.SECONDS);
        addresses.stream().skip(1).forEach(builder::addListenAddress);
        for (Instance.Handle<BindableService> handle : services.handles()) {
            boolean forAgents = handle.getBean().getBeanClass().isAnnotationPresent(ForAgents.class);
            builder.addService(ServerInterceptors.intercept(handle.get(), new CallInterceptor(forAgents)));
        }
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException("gRPC cannot listen on " + listen.get(), e);
        }
        LOG.infof("gRPC with mutual TLS on %s", listen.get());
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        if (server != null && !server.shutdown().awaitTermination(2, TimeUnit.SECONDS)) {
            server.shutdownNow();
        }
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon).strip(), Integer.parseInt(text.substring(colon + 1)));
    }
}
