package io.nephos.kit.token;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * What the token of a restricted application credential may ask (Identity API reference, "Application credentials").
 *
 * @param service a type of the catalog: "compute"
 * @param method an HTTP method in capitals
 * @param path a path of the service's API, in which "*" and "{name}" stand for one segment and "**" for any number of them
 */
public record AccessRule(String service, String method, String path) {
    /**
     * This rule allows that request to a service of those types. A path that can be read in two ways (empty or dotted
     * segments, encoded slashes) is allowed by none.
     */
    public boolean allows(Set<String> types, String requestMethod, String requestPath) {
        return types.contains(service)
                && method.equals(requestMethod)
                && plain(requestPath)
                && fits(pieces(path), requestPath);
    }

    private static boolean plain(String path) {
        String lower = path.toLowerCase(java.util.Locale.ROOT);
        return !lower.contains("//")
                && !lower.contains("/.")
                && !lower.contains("%2e")
                && !lower.contains("%2f")
                && !lower.contains("%5c")
                && !lower.contains(";");
    }

    private enum Kind {
        LITERAL,
        /** One character that is not a slash. */
        ONE,
        /** Any number of characters that are not slashes. */
        MORE,
        ANY
    }

    private record Piece(Kind kind, char literal) {}

    private static List<Piece> pieces(String pattern) {
        List<Piece> pieces = new ArrayList<>();
        for (int at = 0; at < pattern.length(); at++) {
            char c = pattern.charAt(at);
            int end = c == '{' ? pattern.indexOf('}', at) : -1;
            if (c == '*' && pattern.startsWith("**", at)) {
                pieces.add(new Piece(Kind.ANY, c));
                at++;
            } else if (c == '*' || end > at) {
                pieces.add(new Piece(Kind.ONE, c));
                pieces.add(new Piece(Kind.MORE, c));
                at = Math.max(at, end);
            } else {
                pieces.add(new Piece(Kind.LITERAL, c));
            }
        }
        return pieces;
    }

    /** All ways to read the pattern are followed at once, so that none is tried twice whatever it is. */
    private static boolean fits(List<Piece> pieces, String path) {
        BitSet now = new BitSet();
        enter(pieces, now, 0);
        for (int at = 0; at < path.length() && !now.isEmpty(); at++) {
            char c = path.charAt(at);
            BitSet next = new BitSet();
            for (int i = now.nextSetBit(0); i >= 0 && i < pieces.size(); i = now.nextSetBit(i + 1)) {
                Piece piece = pieces.get(i);
                switch (piece.kind()) {
                    case LITERAL -> {
                        if (piece.literal() == c) {
                            enter(pieces, next, i + 1);
                        }
                    }
                    case ONE -> {
                        if (c != '/') {
                            enter(pieces, next, i + 1);
                        }
                    }
                    case MORE -> {
                        if (c != '/') {
                            enter(pieces, next, i);
                        }
                    }
                    case ANY -> enter(pieces, next, i);
                }
            }
            now = next;
        }
        return now.get(pieces.size());
    }

    private static void enter(List<Piece> pieces, BitSet states, int at) {
        int i = at;
        states.set(i);
        while (i < pieces.size()
                && (pieces.get(i).kind() == Kind.MORE || pieces.get(i).kind() == Kind.ANY)) {
            states.set(++i);
        }
    }
}
