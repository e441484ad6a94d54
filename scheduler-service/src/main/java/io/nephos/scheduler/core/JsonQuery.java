package io.nephos.scheduler.core;

import java.util.List;
import java.util.Optional;

/**
 * The query of JsonFilter: {@code ["and", [">=", "$free_ram_mb", 1024], ["=", "$host", "h1"]]} with {@code = < > in <= >= not
 * or and}. What is no such query, or names what the host does not have, is false.
 */
final class JsonQuery {
    private JsonQuery() {}

    static boolean matches(Host host, List<Object> query) {
        return !query.isEmpty() && query.getFirst() instanceof String operator && holds(host, operator, query);
    }

    private static boolean holds(Host host, String operator, List<Object> query) {
        List<Object> operands = query.subList(1, query.size());
        return switch (operator) {
            case "and" -> operands.stream().allMatch(operand -> truth(host, operand));
            case "or" -> operands.stream().anyMatch(operand -> truth(host, operand));
            case "not" -> operands.stream().noneMatch(operand -> truth(host, operand));
            case "=" -> compare(host, operands).filter(order -> order == 0).isPresent();
            case "<" -> compare(host, operands).filter(order -> order < 0).isPresent();
            case ">" -> compare(host, operands).filter(order -> order > 0).isPresent();
            case "<=" -> compare(host, operands).filter(order -> order <= 0).isPresent();
            case ">=" -> compare(host, operands).filter(order -> order >= 0).isPresent();
            case "in" ->
                operands.size() > 1
                        && operands.stream()
                                .skip(1)
                                .anyMatch(operand -> compare(host, List.of(operands.getFirst(), operand))
                                        .filter(order -> order == 0)
                                        .isPresent());
            default -> false;
        };
    }

    @SuppressWarnings("unchecked")
    private static boolean truth(Host host, Object operand) {
        return operand instanceof List<?> nested && matches(host, (List<Object>) nested);
    }

    /** The order of two values: numbers as numbers, others as texts. */
    private static Optional<Integer> compare(Host host, List<Object> operands) {
        if (operands.size() != 2) {
            return Optional.empty();
        }
        Optional<String> one = value(host, operands.getFirst());
        Optional<String> other = value(host, operands.getLast());
        if (one.isEmpty() || other.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Double.compare(Double.parseDouble(one.get()), Double.parseDouble(other.get())));
        } catch (NumberFormatException texts) {
            return Optional.of(one.get().compareTo(other.get()));
        }
    }

    private static Optional<String> value(Host host, Object operand) {
        String text = String.valueOf(operand);
        return text.startsWith("$") ? HostFilters.attribute(host, text.substring(1)) : Optional.of(text);
    }
}
