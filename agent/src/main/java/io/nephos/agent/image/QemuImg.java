package io.nephos.agent.image;

import io.nephos.agent.command.CommandFailed;
import io.nephos.agent.command.Commands;
import io.nephos.agent.file.DurableFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Root disks as qcow2 overlays, by {@code qemu-img}. */
public final class QemuImg implements Disks {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long GIB = 1L << 30;

    @Override
    public void overlay(Path image, String format, long gib, Path disk) {
        if (!format.equals("qcow2") && !format.equals("raw")) {
            throw new ImageFault.Unusable("an image of format " + format + " cannot be booted here");
        }
        long virtualSize = inspect(image, format);
        if (gib > 0 && virtualSize > gib * GIB) {
            throw new ImageFault.Unusable(
                    "the image's disk has " + virtualSize + " bytes, more than the " + gib + " GiB of the root disk");
        }
        Path part = disk.resolveSibling(disk.getFileName() + ".part");
        DurableFile.delete(part);
        List<String> create = new ArrayList<>(List.of(
                "qemu-img", "create", "-q", "-f", "qcow2", "-b", image.toString(), "-F", format, part.toString()));
        if (gib > 0) {
            create.add(gib + "G");
        }
        Commands.run(PATIENCE, create);
        try {
            Files.setPosixFilePermissions(part, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
            DurableFile.publish(part, disk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The virtual size in bytes. An image may not make QEMU open any other file. */
    private static long inspect(Path image, String format) {
        JsonObject info;
        try {
            info = new JsonObject(Commands.run(
                    PATIENCE, "qemu-img", "info", "--force-share", "--output=json", "-f", format, image.toString()));
        } catch (CommandFailed e) {
            throw new ImageFault.Unusable("the image is not " + format + ": " + e.getMessage());
        }
        JsonObject specific = info.getJsonObject("format-specific", new JsonObject());
        JsonObject data = specific.getJsonObject("data", new JsonObject());
        if (info.getString("backing-filename") != null || data.getString("data-file") != null) {
            throw new ImageFault.Unusable("the image refers to another file");
        }
        if (info.getBoolean("encrypted", false)) {
            throw new ImageFault.Unusable("the image is encrypted");
        }
        return info.getLong("virtual-size");
    }
}
