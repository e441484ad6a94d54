package io.nephos.image.data;

import io.nephos.kit.fault.Fault;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Part of an image's bytes, as a Range header asks for it. */
record ByteRange(long offset, long length) {
    private static final Pattern ANSWER = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
    private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** "bytes=0-9", "bytes=10-", "bytes=-5". 416 when no byte of it is there, or several parts are asked for. */
    static Optional<ByteRange> of(Optional<String> header, long size) {
        if (header.isEmpty()) {
            return Optional.empty();
        }
        Matcher range = SINGLE.matcher(header.get().strip());
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            throw unsatisfiable(header.get());
        }
        long first;
        long last;
        if (range.group(1).isEmpty()) {
            first = Math.max(0, size - Long.parseLong(range.group(2)));
            last = size - 1;
        } else {
            first = Long.parseLong(range.group(1));
            last = range.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
        }
        if (first > last || first >= size) {
            throw unsatisfiable(header.get());
        }
        return Optional.of(new ByteRange(first, last - first + 1));
    }

    /** "bytes 0-9/15", an answer's header in a request, which Glance has always taken. 416 unless all of it is there. */
    static Optional<ByteRange> asAnswered(Optional<String> header, long size) {
        if (header.isEmpty()) {
            return Optional.empty();
        }
        Matcher range = ANSWER.matcher(header.get().strip());
        if (!range.matches()) {
            throw unsatisfiable(header.get());
        }
        long first = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        boolean another = !range.group(3).equals("*") && Long.parseLong(range.group(3)) != size;
        if (first > last || last >= size || another) {
            throw unsatisfiable(header.get());
        }
        return Optional.of(new ByteRange(first, last - first + 1));
    }

    String contentRange(long size) {
        return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
    }

    private static RuntimeException unsatisfiable(String header) {
        return new Fault.RangeNotSatisfiable(
                        "", "Range Not Satisfiable: '" + header.replaceAll("[^ -~]", "?") + "'; one range per request.")
                .asException();
    }
}
