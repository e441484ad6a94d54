package io.nephos.image.format;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The text in a VMDK that says where its bytes lie. QEMU takes the first "createType" that it finds anywhere in it, also in a
 * comment, so a text that could be read in two ways is refused.
 */
record VmdkDescriptor(String text) {
    private static final Pattern WHITE = Pattern.compile("\\s+");
    private static final Pattern EXTENT = Pattern.compile("(rw|rdonly|noaccess) .*");
    private static final Pattern OWN_EXTENT = Pattern.compile("(rw|rdonly) [0-9]+ sparse \"[^\"/\\\\]*\"( 0)?");
    private static final String TYPE = "createtype";
    private static final String NO_PARENT = "ffffffff";

    /** Why it may lead to other files; empty when all its bytes are in the file that it is in. */
    Optional<String> leadsElsewhere() {
        List<String> lines = text.lines()
                .map(line -> line.replace("\0", "").strip().toLowerCase(Locale.ROOT))
                .toList();
        String type = value(lines, TYPE);
        if (occurrences(TYPE) != 1 || (!type.equals("monolithicsparse") && !type.equals("streamoptimized"))) {
            return Optional.of("is a VMDK of type '" + type + "', whose bytes may lie in other files");
        }
        String parent = value(lines, "parentcid");
        if ((!parent.isEmpty() && !parent.equals(NO_PARENT)) || occurrences("parentfilenamehint") > 0) {
            return Optional.of("is a VMDK that needs a parent, which is another file");
        }
        List<String> extents = lines.stream()
                .map(line -> WHITE.matcher(line).replaceAll(" "))
                .filter(line -> EXTENT.matcher(line).matches())
                .toList();
        if (extents.size() > 1
                || !extents.stream().allMatch(line -> OWN_EXTENT.matcher(line).matches())) {
            return Optional.of("is a VMDK with an extent in another file");
        }
        return Optional.empty();
    }

    private static String value(List<String> lines, String name) {
        return lines.stream()
                .map(line -> WHITE.matcher(line).replaceAll(""))
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1).replace("\"", ""))
                .findFirst()
                .orElse("");
    }

    private int occurrences(String word) {
        return text.toLowerCase(Locale.ROOT).split(word, -1).length - 1;
    }
}
