package io.nephos.kit.policy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** An operator's overrides, as read: YAML, rule name to check in oslo.policy's syntax. */
final class PolicyFile {
    private static final YAMLFactory YAML = new YAMLFactory();

    private PolicyFile() {}

    /** What is wrong with a file, and where. */
    static final class Mistake extends Exception {
        private static final long serialVersionUID = 1L;
        private final int line;

        Mistake(int line, String message) {
            super(message);
            this.line = line;
        }

        /** From 1. */
        int line() {
            return line;
        }
    }

    private record Entry(Rule rule, int line) {}

    /** The defaults with the overrides of the text laid over them. */
    static Map<String, Rule> over(Map<String, Rule> defaults, String text) throws Mistake {
        Map<String, Entry> entries = entries(text);
        Map<String, Rule> all = new LinkedHashMap<>(defaults);
        entries.forEach((name, entry) -> all.put(name, entry.rule()));
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            int line = entry.getValue().line();
            for (String named : entry.getValue().rule().names()) {
                if (!all.containsKey(named)) {
                    throw new Mistake(line, "'rule:" + named + "' names a rule that is not there");
                }
            }
            if (reaches(entry.getKey(), entry.getKey(), all, new HashSet<>())) {
                throw new Mistake(line, "'" + entry.getKey() + "' refers to itself");
            }
        }
        return Map.copyOf(all);
    }

    private static boolean reaches(String from, String wanted, Map<String, Rule> all, Set<String> seen) {
        Rule rule = all.get(from);
        if (rule == null) {
            return false;
        }
        for (String name : rule.names()) {
            if (name.equals(wanted) || (seen.add(name) && reaches(name, wanted, all, seen))) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, Entry> entries(String text) throws Mistake {
        Map<String, Entry> entries = new LinkedHashMap<>();
        try (JsonParser parser = YAML.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                return entries;
            }
            if (first != JsonToken.START_OBJECT) {
                throw new Mistake(line(parser), "the file must be a mapping of rule names to checks");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (entries.put(name, new Entry(check(parser, name), line(parser))) != null) {
                    throw new Mistake(line(parser), "'" + name + "' is there a second time");
                }
            }
            return entries;
        } catch (JsonProcessingException e) {
            throw mistake(e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Mistake mistake(JsonProcessingException e) {
        if (e.getCause() instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
            return new Mistake(yaml.getProblemMark().getLine() + 1, yaml.getProblem());
        }
        int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
        return new Mistake(line, e.getOriginalMessage().lines().findFirst().orElse("it is not YAML"));
    }

    private static Rule check(JsonParser parser, String name) throws IOException, Mistake {
        // A bare "!" is a tag with nothing behind it in YAML: it would allow everything, and who wrote it meant
        // nothing.
        if (parser.currentToken() != JsonToken.VALUE_STRING || parser.getTypeId() != null) {
            throw new Mistake(line(parser), "the check of '" + name + "' must be a text, in quotes");
        }
        try {
            return Rule.parse(parser.getText());
        } catch (IllegalArgumentException e) {
            throw new Mistake(line(parser), String.valueOf(e.getMessage()));
        }
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
