package io.nephos.kit.token;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * How access rules travel in a token, so that whoever reads it needs nobody else: lines of "service method path", deflated,
 * base 64.
 */
public final class AccessRules {
    /** Characters; with more the token would outgrow the headers that proxies let through. */
    public static final int LONGEST = 3_000;

    private static final int LONGEST_TEXT = 262_144;

    private AccessRules() {}

    public static String write(List<AccessRule> rules) {
        StringBuilder lines = new StringBuilder();
        rules.forEach(rule -> lines.append(rule.service())
                .append(' ')
                .append(rule.method())
                .append(' ')
                .append(rule.path())
                .append('\n'));
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(lines.toString().getBytes(StandardCharsets.UTF_8));
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] part = new byte[1024];
        while (!deflater.finished()) {
            out.write(part, 0, deflater.deflate(part));
        }
        deflater.end();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
    }

    /** IllegalArgumentException for what {@link #write} did not make. */
    static List<AccessRule> read(String text) {
        Inflater inflater = new Inflater(true);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            inflater.setInput(Base64.getUrlDecoder().decode(text));
            byte[] part = new byte[4096];
            while (!inflater.finished()) {
                int count = inflater.inflate(part);
                out.write(part, 0, count);
                if (count == 0 || out.size() > LONGEST_TEXT) {
                    throw new IllegalArgumentException("The access rules are cut off or too long.");
                }
            }
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("The access rules cannot be read.", e);
        } finally {
            inflater.end();
        }
        List<AccessRule> rules = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).split("\n", -1)) {
            String[] words = line.split(" ", 3);
            if (words.length == 3) {
                rules.add(new AccessRule(words[0], words[1], words[2]));
            }
        }
        return List.copyOf(rules);
    }
}
