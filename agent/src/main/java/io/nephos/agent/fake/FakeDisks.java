package io.nephos.agent.fake;

import io.nephos.agent.file.DurableFile;
import io.nephos.agent.image.Disks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Disks of guests that never run: a file that names the image. */
public final class FakeDisks implements Disks {
    @Override
    public void overlay(Path image, String format, long gib, Path disk) {
        DurableFile.write(disk, (format + " " + gib + " " + image + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
