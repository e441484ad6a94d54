package io.nephos.agent.metadata;

import io.nephos.contracts.agent.v1.InstanceSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * HTTP/1.1 on a Unix socket, for the HAProxy of each network, which has parsed and bounded the request already. One
 * request for each connection.
 */
public final class MetadataServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(MetadataServer.class);
    private static final int MAX_HEADERS = 100;

    private final GuestMetadata metadata;
    private final Path socket;
    private final ServerSocketChannel server;

    public MetadataServer(Path socket, GuestMetadata metadata) {
        this.metadata = metadata;
        this.socket = socket;
        try {
            Files.deleteIfExists(socket);
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket), 128);
            HaProxyUser.grant(socket);
        } catch (IOException e) {
            throw new UncheckedIOException("the metadata socket " + socket + " cannot be made", e);
        }
        Thread.ofVirtual().name("metadata-accept").start(this::accept);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                Thread.startVirtualThread(() -> serve(connection));
            } catch (AsynchronousCloseException e) {
                return;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("metadata", e);
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.ISO_8859_1));
            OutputStream out = Channels.newOutputStream(connection);
            String line = in.readLine();
            if (line == null) {
                return;
            }
            String[] request = line.split(" ");
            Map<String, String> headers = headers(in);
            if (request.length != 3) {
                respond(out, 400, MetadataDocuments.Document.text("not a request"), true);
            } else if (!request[0].equals("GET") && !request[0].equals("HEAD")) {
                respond(out, 405, MetadataDocuments.Document.text("405 Method Not Allowed"), true);
            } else {
                answer(out, request[1], headers, request[0].equals("GET"));
            }
        } catch (IOException e) {
            LOG.debugf("a guest went away: %s", e.getMessage());
        }
    }

    private void answer(OutputStream out, String target, Map<String, String> headers, boolean body) throws IOException {
        String network = headers.getOrDefault("x-network-id", "");
        String address = headers.getOrDefault("x-forwarded-for", "");
        Optional<InstanceSpec> instance = metadata.find(network, address);
        String path = target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
        Optional<MetadataDocuments.Document> document =
                instance.flatMap(found -> MetadataDocuments.at(URLDecoder.decode(path, StandardCharsets.UTF_8), found));
        if (instance.isEmpty()) {
            LOG.infof("No instance here has %s on network %s", address, network);
        }
        if (document.isPresent()) {
            respond(out, 200, document.get(), body);
        } else {
            respond(out, 404, MetadataDocuments.Document.text("404 Not Found"), body);
        }
    }

    private static Map<String, String> headers(BufferedReader in) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < MAX_HEADERS; i++) {
            String line = in.readLine();
            if (line == null || line.isEmpty()) {
                break;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    private static void respond(OutputStream out, int status, MetadataDocuments.Document document, boolean body)
            throws IOException {
        String head = "HTTP/1.1 " + status + (status == 200 ? " OK" : " Error") + "\r\nContent-Type: " + document.type()
                + "\r\nContent-Length: " + document.body().length + "\r\nConnection: close\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        if (body) {
            out.write(document.body());
        }
        out.flush();
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.debug("close", e);
        }
    }
}
