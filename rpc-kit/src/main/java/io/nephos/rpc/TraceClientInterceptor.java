package io.nephos.rpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.context.Context;
import org.jboss.logging.MDC;

/** Carries the request id and the W3C trace context to the process that is asked. */
final class TraceClientInterceptor implements ClientInterceptor {
    static final Metadata.Key<String> REQUEST_ID =
            Metadata.Key.of("x-openstack-request-id", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                if (MDC.get(RpcServer.REQUEST_ID_MDC) instanceof String requestId) {
                    headers.put(REQUEST_ID, requestId);
                }
                GlobalOpenTelemetry.getPropagators()
                        .getTextMapPropagator()
                        .inject(Context.current(), headers, (carrier, key, value) -> {
                            if (carrier != null) {
                                carrier.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value);
                            }
                        });
                super.start(listener, headers);
            }
        };
    }
}
