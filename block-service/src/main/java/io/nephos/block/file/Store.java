package io.nephos.block.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The directory of volumes: which file is what. */
final class Store {
    private static final String VOLUME = ".qcow2";
    private static final String PART = ".part";

    private final Path directory;
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final AtomicLong parts = new AtomicLong();

    Store(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("The store of volumes cannot be made", e);
        }
    }

    Path directory() {
        return directory;
    }

    Path volume(String id) {
        return directory.resolve(UUID.fromString(id) + VOLUME);
    }

    /** A new name for what becomes a volume. */
    Path part(String id) {
        return directory.resolve(id + "." + run + "." + parts.incrementAndGet() + PART);
    }

    /** What earlier processes began and did not finish. */
    List<Path> abandonedParts() {
        return files(name -> name.endsWith(PART) && !name.contains("." + run + "."));
    }

    List<String> volumeIds() {
        return files(name -> name.endsWith(VOLUME)).stream()
                .map(path -> {
                    String name = path.getFileName().toString();
                    return name.substring(0, name.length() - VOLUME.length());
                })
                .toList();
    }

    /** The identity that was given to this directory, if one was. */
    Optional<String> id() {
        try {
            Path marker = marker();
            return Files.exists(marker) ? Optional.of(Files.readString(marker).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void id(String id) {
        try {
            Files.writeString(marker(), id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path marker() {
        return directory.resolve("store-id");
    }

    private List<Path> files(java.util.function.Predicate<String> named) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> named.test(path.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
