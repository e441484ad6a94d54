package io.nephos.kit.http;

import io.nephos.kit.fault.Fault;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.HttpServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What cannot be read as a request never reaches a route: the HTTP server answers it with a status and nothing else, and
 * Quarkus lets nobody say more (Vert.x' invalidRequestHandler is set before there is a server to be had). So each connection gets
 * an {@link EmptyErrorHandler} when it is accepted.
 */
@ApplicationScoped
public class EmptyErrors {
    private final Vertx vertx;
    private final EarlyFaults faults;
    private final int longestLine;
    private final MemorySize longestHeaders;
    private final Optional<MemorySize> longestBody;

    @Inject
    public EmptyErrors(
            Vertx vertx,
            EarlyFaults faults,
            @ConfigProperty(name = "quarkus.http.limits.max-initial-line-length") int longestLine,
            @ConfigProperty(name = "quarkus.http.limits.max-header-size") MemorySize longestHeaders,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") Optional<MemorySize> longestBody) {
        this.vertx = vertx;
        this.faults = faults;
        this.longestLine = longestLine;
        this.longestHeaders = longestHeaders;
        this.longestBody = longestBody;
    }

    void watch(@ObservesAsync HttpServerStart started) {
        for (EventExecutor loop : ((VertxInternal) vertx).getAcceptorEventLoopGroup()) {
            loop.execute(() ->
                    ((SingleThreadEventLoop) loop).registeredChannelsIterator().forEachRemaining(this::watch));
        }
    }

    private void watch(Channel channel) {
        if (channel instanceof ServerChannel && channel.pipeline().get(Doorman.class) == null) {
            channel.pipeline().addFirst(new Doorman());
        }
    }

    /** The words for what the server answered with that status and nothing else. */
    EarlyFaults.Answer answer(int status, Optional<Throwable> unreadable, EmptyErrorHandler.Lengths lengths) {
        String message = switch (status) {
            case 413 ->
                longestBody
                        .map(most -> "The request body is longer than " + most.asLongValue() + " bytes.")
                        .orElse("The request body is too long.");
            case 414 -> "The request line is longer than " + longestLine + " bytes.";
            case 431 -> "The request's headers are longer than " + longestHeaders.asLongValue() + " bytes.";
            default ->
                lengths.wrong().or(() -> unreadable.map(EmptyErrors::said)).orElse("The request URI is malformed.");
        };
        return status == 413
                ? faults.of(new Fault.PayloadTooLarge("", message))
                : faults.of(new Fault.BadRequest("", message), status);
    }

    private static String said(Throwable unreadable) {
        String why = Optional.ofNullable(unreadable.getMessage()).orElse("malformed");
        return "The request cannot be read as HTTP: " + why.substring(0, Math.min(why.length(), 200));
    }

    /** Sees each connection before Vert.x does; {@link ServerBootstrap} hands them over as messages. */
    @ChannelHandler.Sharable
    private final class Doorman extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object connection) {
            if (connection instanceof Channel accepted) {
                accepted.pipeline().addLast(new EmptyErrorHandler.Place(EmptyErrors.this));
            }
            context.fireChannelRead(connection);
        }
    }
}
