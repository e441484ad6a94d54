package io.nephos.rpc;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A gRPC service that the agents of hosts may call. All others refuse a host's certificate, so that a host that was
 * broken into cannot ask the control plane anything but what an agent asks.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ForAgents {}
