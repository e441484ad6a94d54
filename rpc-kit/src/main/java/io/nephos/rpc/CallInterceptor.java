package io.nephos.rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import javax.net.ssl.SSLSession;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/** Around every call served: who calls, may it, under which request id and trace, and what an uncaught error becomes. */
final class CallInterceptor implements ServerInterceptor {
    private static final Logger LOG = Logger.getLogger(CallInterceptor.class);
    private final boolean forAgents;

    CallInterceptor(boolean forAgents) {
        this.forAgents = forAgents;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null) {
            call.close(Status.UNAUTHENTICATED.withDescription("Mutual TLS is required."), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        PeerIdentity peer = PeerIdentity.of(session);
        if (peer.isHost() != forAgents) {
            call.close(
                    Status.PERMISSION_DENIED.withDescription(peer.name() + " may not call "
                            + call.getMethodDescriptor().getServiceName() + "."),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        Context context = Context.current().withValue(PeerIdentity.KEY, peer);
        return new Traced<>(Contexts.interceptCall(context, call, headers, next), call, headers);
    }

    private static final class Traced<Q, A> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, A> call;
        private final Metadata headers;

        Traced(ServerCall.Listener<Q> delegate, ServerCall<Q, A> call, Metadata headers) {
            super(delegate);
            this.call = call;
            this.headers = headers;
        }

        @Override
        public void onHalfClose() {
            String requestId = headers.get(TraceClientInterceptor.REQUEST_ID);
            if (requestId != null) {
                MDC.put(RpcServer.REQUEST_ID_MDC, requestId);
            }
            Span span = GlobalOpenTelemetry.getTracer("io.nephos.rpc")
                    .spanBuilder(call.getMethodDescriptor().getFullMethodName())
                    .setParent(GlobalOpenTelemetry.getPropagators()
                            .getTextMapPropagator()
                            .extract(io.opentelemetry.context.Context.current(), headers, HeaderGetter.INSTANCE))
                    .setSpanKind(SpanKind.SERVER)
                    .startSpan();
            try (Scope ignored = span.makeCurrent()) {
                super.onHalfClose();
            } catch (StatusRuntimeException e) {
                span.recordException(e);
                call.close(e.getStatus(), new Metadata());
            } catch (RuntimeException e) {
                span.recordException(e);
                LOG.errorf(e, "%s failed", call.getMethodDescriptor().getFullMethodName());
                call.close(Status.INTERNAL.withDescription("An unexpected error; the log has it."), new Metadata());
            } finally {
                span.end();
                MDC.remove(RpcServer.REQUEST_ID_MDC);
            }
        }
    }

    private enum HeaderGetter implements TextMapGetter<Metadata> {
        INSTANCE;

        @Override
        public Iterable<String> keys(Metadata carrier) {
            return carrier.keys();
        }

        @Override
        public @Nullable String get(@Nullable Metadata carrier, String key) {
            return carrier == null ? null : carrier.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
        }
    }
}
