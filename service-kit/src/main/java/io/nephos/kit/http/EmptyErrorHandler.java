package io.nephos.kit.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** On one connection, between the HTTP codec and Vert.x: gives the server's own errors a body. */
final class EmptyErrorHandler extends ChannelDuplexHandler {
    private static final Set<Integer> OF_THE_SERVER = Set.of(400, 413, 414, 431);

    private final EmptyErrors errors;
    private Optional<Throwable> unreadable = Optional.empty();
    private Lengths lengths = new Lengths(List.of());
    private boolean headOnly;

    private EmptyErrorHandler(EmptyErrors errors) {
        this.errors = errors;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            // For good: which of several requests on their way an answer belongs to is not known here.
            headOnly |= request.method().equals(HttpMethod.HEAD);
            if (request.decoderResult().isFailure()) {
                unreadable = Optional.of(request.decoderResult().cause());
                lengths = new Lengths(request.headers().getAll(CONTENT_LENGTH));
            }
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof FullHttpResponse response
                && OF_THE_SERVER.contains(response.status().code())
                && !response.content().isReadable()
                && !headOnly) {
            context.write(filled(response), promise);
        } else {
            context.write(message, promise);
        }
    }

    private FullHttpResponse filled(FullHttpResponse response) {
        EarlyFaults.Answer answer = errors.answer(response.status().code(), unreadable, lengths);
        ByteBuf body = Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8);
        response.release();
        response.headers()
                .set(CONTENT_LENGTH, Integer.toString(body.readableBytes()))
                .set(CONTENT_TYPE, "application/json")
                .set("x-openstack-request-id", answer.requestId());
        return new DefaultFullHttpResponse(
                response.protocolVersion(), response.status(), body, response.headers(), response.trailingHeaders());
    }

    /** The content-length headers of a request that could not be read. */
    record Lengths(List<String> sent) {
        Optional<String> wrong() {
            if (sent.size() > 1 || sent.stream().anyMatch(one -> one.contains(","))) {
                return Optional.of("The request has more than one content-length.");
            }
            return sent.stream()
                    .filter(one -> !one.strip().matches("\\d{1,18}"))
                    .map(one -> one.strip().matches("-\\d+")
                            ? "The content-length header must not be negative."
                            : "The content-length header must be an integer.")
                    .findFirst();
        }
    }

    /**
     * Waits for the codec to be there and puts the handler behind it. Vert.x makes it when it has seen that the first bytes are
     * not HTTP/2's; it gets those alone, which are no request yet.
     */
    static final class Place extends ChannelInboundHandlerAdapter {
        private static final String CODEC = "httpEncoder";
        private static final int TELLING = 4;

        private final EmptyErrors errors;

        Place(EmptyErrors errors) {
            this.errors = errors;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ChannelPipeline pipeline = context.pipeline();
            if (message instanceof ByteBuf bytes && bytes.readableBytes() > TELLING && pipeline.get(CODEC) == null) {
                context.fireChannelRead(bytes.readRetainedSlice(TELLING));
            }
            if (pipeline.get(CODEC) != null) {
                pipeline.addAfter(CODEC, null, new EmptyErrorHandler(errors));
                pipeline.remove(this);
            } else if (pipeline.get("handler") != null) {
                // HTTP/2
                pipeline.remove(this);
            }
            context.fireChannelRead(message);
        }
    }
}
