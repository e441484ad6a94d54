import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One connection that is kept open, over which prepared bytes are sent, since the client of a benchmark runs on the machine that
 * it measures; answers have a Content-Length or come in chunks.
 */
final class PlainHttp implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final StringBuilder line = new StringBuilder(256);

    record Answer(int status, String head, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    PlainHttp(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        socket.setTcpNoDelay(true);
    }

    Answer exchange(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        StringBuilder head = new StringBuilder(1024);
        int length = 0;
        boolean chunked = false;
        for (String read = line(); !read.isEmpty(); read = line()) {
            head.append(read).append('\n');
            if (read.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(read.substring(15).strip());
            }
            chunked |= read.regionMatches(true, 0, "transfer-encoding: chunked", 0, 26);
        }
        byte[] body = chunked ? chunks() : in.readNBytes(length);
        return new Answer(Integer.parseInt(head.substring(9, 12)), head.toString(), body);
    }

    private byte[] chunks() throws IOException {
        var all = new ByteArrayOutputStream();
        for (int size = size(); size > 0; size = size()) {
            all.write(in.readNBytes(size));
            line();
        }
        line();
        return all.toByteArray();
    }

    private int size() throws IOException {
        return Integer.parseInt(line().strip(), 16);
    }

    private String line() throws IOException {
        line.setLength(0);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("The server closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** That many connections at once; the nanoseconds of each request, of which every one must succeed. */
    static long[] load(int connections, int port, Supplier<byte[]> request, int forSeconds) throws Exception {
        long end = System.nanoTime() + forSeconds * 1_000_000_000L;
        return load(connections, port, request, () -> System.nanoTime() < end);
    }

    static long[] load(int connections, int port, Supplier<byte[]> request, BooleanSupplier more)
            throws Exception {
        List<long[]> all = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(connections)) {
            List<Future<long[]>> clients = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                clients.add(threads.submit(() -> client(port, request, more)));
            }
            for (Future<long[]> client : clients) {
                all.add(client.get());
            }
        }
        return all.stream().flatMapToLong(Arrays::stream).toArray();
    }

    private static long[] client(int port, Supplier<byte[]> request, BooleanSupplier more) throws IOException {
        long[] nanos = new long[1 << 12];
        int count = 0;
        try (PlainHttp connected = new PlainHttp(port)) {
            while (more.getAsBoolean()) {
                byte[] bytes = request.get();
                long start = System.nanoTime();
                Answer answer = connected.exchange(bytes);
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, count * 2);
                }
                nanos[count++] = System.nanoTime() - start;
                if (answer.status() >= 300) {
                    throw new IOException("answered " + answer.status() + ": " + answer.text());
                }
            }
        }
        return Arrays.copyOf(nanos, count);
    }
}
