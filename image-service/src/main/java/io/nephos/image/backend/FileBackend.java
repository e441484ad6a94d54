package io.nephos.image.backend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Files under one directory: {@code partial/KEY} while bytes arrive, {@code KK/KEY} (KK its first two characters) when all
 * are there. Keys are made by this service and never hold what a path could misread.
 */
final class FileBackend implements Backend {
    private static final Pattern KEY = Pattern.compile("[0-9a-f-]{36}");
    private static final String PARTIAL = "partial";

    private final String id;
    private final String description;
    private final Path root;
    private final boolean cached;

    /**
     * @param cached whether what is written goes through the page cache, where it stays for those who read it; else it is read
     *     into it later
     */
    FileBackend(String id, String description, Path root, boolean cached) {
        this.id = id;
        this.description = description;
        this.root = root;
        this.cached = cached;
        try {
            Files.createDirectories(
                    root.resolve(PARTIAL),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException("The image store " + root + " cannot be used", e);
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String type() {
        return "file";
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("data_dir", root.toString(), "chunk_size", 262_144, "thin_provisioning", false);
    }

    @Override
    public String url(String key) {
        return "file://" + whole(key).toAbsolutePath();
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Sink write(String key) throws IOException {
        return new FileSink(id, root, partial(key), whole(key), cached);
    }

    @Override
    public ReadableByteChannel read(String key, long offset) throws IOException {
        FileChannel channel = FileChannel.open(whole(key), StandardOpenOption.READ);
        channel.position(offset);
        return channel;
    }

    @Override
    public Optional<Path> file(String key) {
        return Optional.of(whole(key));
    }

    @Override
    public void delete(String key) {
        try {
            Files.deleteIfExists(partial(key));
            Files.deleteIfExists(whole(key));
        } catch (IOException e) {
            throw new UncheckedIOException("Image bytes cannot be removed", e);
        }
    }

    @Override
    public List<String> keysBefore(Instant time) throws IOException {
        List<String> keys = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (Path folder : folders) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                    for (Path file : files) {
                        String key = file.getFileName().toString();
                        if (KEY.matcher(key).matches()
                                && Files.getLastModifiedTime(file).toInstant().isBefore(time)) {
                            keys.add(key);
                        }
                    }
                }
            }
        }
        return keys;
    }

    private Path partial(String key) {
        return root.resolve(PARTIAL).resolve(checked(key));
    }

    private Path whole(String key) {
        return root.resolve(checked(key).substring(0, 2)).resolve(key);
    }

    private static String checked(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("Not a key of image bytes: " + key);
        }
        return key;
    }
}
