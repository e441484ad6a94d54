package io.nephos.scheduler.core;

import java.util.Arrays;
import java.util.List;

/**
 * Values of extra specs: a text that must be equal, or an operator and its operands: {@code =} (at least), {@code == != >=
 * <=} of numbers, {@code s== s!= s< s<= s> s>=} of texts, {@code <in> <all-in> <or>}. Nova administrator's guide, "Compute
 * schedulers".
 */
final class ExtraSpec {
    private ExtraSpec() {}

    static boolean matches(String value, String wanted) {
        List<String> words = Arrays.asList(wanted.strip().split("\\s+"));
        String first = words.getFirst();
        List<String> rest = words.subList(1, words.size());
        if (rest.isEmpty()) {
            return value.equals(wanted.strip());
        }
        String operand = rest.getFirst();
        return switch (first) {
            case "=", ">=" -> compare(value, operand) >= 0 && comparable(value, operand);
            case "==" -> compare(value, operand) == 0 && comparable(value, operand);
            case "!=" -> !(compare(value, operand) == 0 && comparable(value, operand));
            case "<=" -> compare(value, operand) <= 0 && comparable(value, operand);
            case ">" -> compare(value, operand) > 0 && comparable(value, operand);
            case "<" -> compare(value, operand) < 0 && comparable(value, operand);
            case "s==" -> value.equals(operand);
            case "s!=" -> !value.equals(operand);
            case "s<" -> value.compareTo(operand) < 0;
            case "s<=" -> value.compareTo(operand) <= 0;
            case "s>" -> value.compareTo(operand) > 0;
            case "s>=" -> value.compareTo(operand) >= 0;
            case "<in>" -> value.contains(operand);
            case "<all-in>" -> rest.stream().allMatch(value::contains);
            case "<or>" -> rest.stream().filter(word -> !word.equals("<or>")).anyMatch(value::equals);
            default -> value.equals(wanted.strip());
        };
    }

    private static boolean comparable(String value, String operand) {
        return number(value) && number(operand);
    }

    private static boolean number(String text) {
        return text.matches("-?[0-9]+(\\.[0-9]+)?");
    }

    private static int compare(String value, String operand) {
        return comparable(value, operand) ? Double.compare(Double.parseDouble(value), Double.parseDouble(operand)) : 0;
    }
}
