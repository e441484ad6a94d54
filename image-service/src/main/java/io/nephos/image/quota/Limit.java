package io.nephos.image.quota;

/** What of images is limited, by the names that it has among the unified limits. */
public enum Limit {
    /** MiB in all stores, each copy counted. */
    SIZE_TOTAL("image_size_total"),
    /** MiB that wait for their import. */
    STAGE_TOTAL("image_stage_total"),
    COUNT_TOTAL("image_count_total"),
    /** Images whose bytes are arriving. */
    COUNT_UPLOADING("image_count_uploading");

    private final String wire;

    Limit(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /** True of images, false of MiB. */
    boolean counts() {
        return this == COUNT_TOTAL || this == COUNT_UPLOADING;
    }
}
