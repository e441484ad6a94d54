package io.nephos.image.backend;

import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Image bytes from a web server that a user names. Only HTTP and HTTPS, only the ports that the operator allows (80 and 443
 * at first), only where {@link Destinations} lets it ({@code nephos.image.web-download.allowed-networks} and
 * {@code refused-networks}), no credentials in the address, no redirects: they would lead past these rules. A server that
 * stands still for a minute, or sends less than {@value #LEAST_PER_SECOND} bytes in a second, is hung up on.
 */
@ApplicationScoped
public class WebSource {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration STANDSTILL = Duration.ofSeconds(60);
    private static final long LEAST_PER_SECOND = 16 * 1024;
    /** An address as no resolver need read it: 2130706433, 0x7f.1, 0177.0.0.1. */
    private static final Pattern NUMBERS =
            Pattern.compile("(0[xX][0-9a-fA-F]*|[0-9]+)(\\.(0[xX][0-9a-fA-F]*|[0-9]+))*\\.?");

    private static final Pattern PLAIN_IPV4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final List<Integer> ports;
    private final Destinations destinations;

    @Inject
    public WebSource(
            @ConfigProperty(name = "nephos.image.web-download.allowed-ports", defaultValue = "80,443")
                    List<Integer> ports,
            @ConfigProperty(name = "nephos.image.web-download.allowed-networks") Optional<List<String>> allowed,
            @ConfigProperty(name = "nephos.image.web-download.refused-networks") Optional<List<String>> refused) {
        this.ports = ports;
        this.destinations = new Destinations(allowed.orElse(List.of()), refused.orElse(List.of()));
    }

    /** A body that is being read, and its length when the server said it. */
    public record Body(ReadableByteChannel bytes, OptionalLong length) implements Closeable {
        @Override
        public void close() throws IOException {
            bytes.close();
        }
    }

    /** The address; 400 when it is not allowed. One whose host is not known yet may be known when it is asked. */
    public URI checked(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw Fault.badRequest("Invalid URI for web-download.");
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme());
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        int port = uri.getPort() >= 0 ? uri.getPort() : http ? 80 : 443;
        if ((!http && !secure)
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || !ports.contains(port)
                || disguised(uri.getHost())
                || !passes(uri)) {
            throw Fault.badRequest("URI for web-download does not pass filtering: " + text);
        }
        return uri;
    }

    private static boolean disguised(String host) {
        return NUMBERS.matcher(host).matches() && !PLAIN_IPV4.matcher(host).matches();
    }

    /** False when its host has an address that is not allowed. */
    private boolean passes(URI uri) {
        try {
            return Stream.of(InetAddress.getAllByName(uri.getHost())).allMatch(destinations::allows);
        } catch (UnknownHostException e) {
            return true;
        }
    }

    // A name may lead elsewhere than when it was checked first. Java keeps what it was told of a name for 30 seconds,
    // so the
    // connection goes where this looked; of a name that nobody knew, it would ask anew.
    private void requirePass(URI uri) throws IOException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(uri.getHost());
        } catch (UnknownHostException e) {
            throw new IOException("The host " + uri.getHost() + " is not known.", e);
        }
        if (!Stream.of(addresses).allMatch(destinations::allows)) {
            throw new IOException("The address of " + uri.getHost() + " does not pass filtering.");
        }
    }

    /** IOException says what went wrong. */
    public Body open(URI uri) throws IOException {
        HttpResponse<InputStream> response = send(uri, HttpRequest.newBuilder(uri));
        if (response.statusCode() != 200) {
            // Nobody asked for a part of it.
            response.body().close();
            throw new IOException("The server answered " + response.statusCode() + ".");
        }
        return new Body(
                Channels.newChannel(paced(response.body())), response.headers().firstValueAsLong("Content-Length"));
    }

    /** From that byte on; what a server sends before it is thrown away. */
    InputStream from(URI uri, long offset) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (offset > 0) {
            request.header("Range", "bytes=" + offset + "-");
        }
        HttpResponse<InputStream> response = send(uri, request);
        InputStream body = paced(response.body());
        if (response.statusCode() == 200) {
            body.skipNBytes(offset);
        }
        return body;
    }

    private static InputStream paced(InputStream body) {
        return new PacedStream(body, STANDSTILL, LEAST_PER_SECOND);
    }

    /** How many bytes there are. 400 when the server does not say. */
    public long size(URI uri) {
        try {
            requirePass(uri);
            HttpRequest head = HttpRequest.newBuilder(uri)
                    .timeout(PATIENCE)
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build();
            HttpResponse<Void> answer = http.send(head, HttpResponse.BodyHandlers.discarding());
            OptionalLong length = answer.headers().firstValueAsLong("Content-Length");
            if (answer.statusCode() == 200 && length.isPresent()) {
                return length.getAsLong();
            }
            throw Fault.badRequest("The server of the location answered " + answer.statusCode() + ".");
        } catch (IOException e) {
            throw Fault.badRequest("The location could not be reached.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The service is ending.");
        }
    }

    private HttpResponse<InputStream> send(URI uri, HttpRequest.Builder request) throws IOException {
        requirePass(uri);
        try {
            HttpResponse<InputStream> response =
                    http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != 200 && response.statusCode() != 206) {
                response.body().close();
                throw new IOException("The server answered " + response.statusCode() + ".");
            }
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted.", e);
        }
    }
}
