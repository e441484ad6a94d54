package io.nephos.rpc;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Channels to the other processes, made once each and kept. A stub made from one must be given a deadline:
 * {@code SchedulerGrpc.newBlockingStub(peers.channel("scheduler")).withDeadlineAfter(5, SECONDS)}.
 */
@ApplicationScoped
public class Peers {
    private static final Logger LOG = Logger.getLogger(Peers.class);
    private static final long RECONNECT_MILLIS = 500;

    private final Config config;
    private final Tls tls;
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private volatile @Nullable SslContext context;

    /** @param telemetry asked for so that it is set up before the first call looks for it */
    @Inject
    public Peers(Config config, Tls tls, OpenTelemetry telemetry) {
        this.config = config;
        this.tls = tls;
    }

    /** The service of that name at {@code nephos.rpc.peer.<name>}; its certificate must name it. */
    public Channel channel(String service) {
        return traced(channels.computeIfAbsent(
                service,
                name -> open(config.getValue("nephos.rpc.peer." + name, String.class))
                        .overrideAuthority(name)
                        .build()));
    }

    /** An agent at "address:port"; its certificate must carry that address. */
    public Channel channelTo(String address) {
        return traced(channels.computeIfAbsent(address, key -> open(key).build()));
    }

    private static Channel traced(ManagedChannel channel) {
        reconnect(channel);
        return ClientInterceptors.intercept(channel, new TraceClientInterceptor());
    }

    /**
     * A peer that was away is tried again at every call, not when gRPC's own pause (up to two minutes) is over; and the call
     * waits for that: until the connection is there, gRPC answers with the failure of the last one.
     */
    static void reconnect(ManagedChannel channel) {
        if (channel.getState(false) != ConnectivityState.TRANSIENT_FAILURE) {
            return;
        }
        CountDownLatch changed = new CountDownLatch(1);
        channel.notifyWhenStateChanged(ConnectivityState.TRANSIENT_FAILURE, changed::countDown);
        channel.resetConnectBackoff();
        try {
            if (!changed.await(RECONNECT_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debugf("%s is still away", channel.authority());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private NettyChannelBuilder open(String address) {
        return NettyChannelBuilder.forTarget("dns:///" + address)
                .sslContext(clientContext())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .maxInboundMessageSize(RpcServer.MAX_MESSAGE_BYTES)
                .keepAliveTime(20, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS);
    }

    private SslContext clientContext() {
        SslContext made = context;
        if (made == null) {
            made = tls.forClient();
            context = made;
        }
        return made;
    }

    void close(@Observes ShutdownEvent event) {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
