package io.nephos.rpc;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Who is calling, by the certificate of the connection: a service ("compute") or a host ("host:node-7"). */
public record PeerIdentity(String name) {
    static final Context.Key<PeerIdentity> KEY = Context.key("nephos-peer");
    private static final String HOST_PREFIX = "host:";

    /** The caller of the gRPC call that this thread is serving. UNAUTHENTICATED when there is none. */
    public static PeerIdentity current() {
        PeerIdentity peer = KEY.get();
        if (peer == null) {
            throw new StatusRuntimeException(Status.UNAUTHENTICATED.withDescription("The caller has no certificate."));
        }
        return peer;
    }

    public boolean isHost() {
        return name.startsWith(HOST_PREFIX);
    }

    /** Throws PERMISSION_DENIED unless the caller is the agent of that host. */
    public void requireHost(String host) {
        if (!name.equals(HOST_PREFIX + host)) {
            throw new StatusRuntimeException(Status.PERMISSION_DENIED.withDescription(
                    "The certificate of " + name + " does not speak for host " + host + "."));
        }
    }

    static PeerIdentity of(SSLSession session) {
        try {
            X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> new PeerIdentity(rdn.getValue().toString()))
                            .findFirst()
                            .orElseThrow(() -> new StatusRuntimeException(
                                    Status.UNAUTHENTICATED.withDescription("The certificate has no common name.")));
        } catch (SSLPeerUnverifiedException | InvalidNameException e) {
            throw new StatusRuntimeException(
                    Status.UNAUTHENTICATED.withDescription("The caller's certificate cannot be read."));
        }
    }
}
