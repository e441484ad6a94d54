package io.nephos.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port of loopback that leads to another one, until it is shut: then what is open breaks and nothing new comes in. */
public final class Gate {
    private Gate() {}

    /** Opens a gate to {@code target} and returns its port; {@code name} is a system property, seen by every class loader. */
    public static int open(int target, String name) {
        try {
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Set<Socket> sockets = ConcurrentHashMap.newKeySet();
            Thread.ofPlatform().daemon().name("gate-" + name).start(() -> accept(server, target, name, sockets));
            Thread.ofPlatform().daemon().name("gatekeeper-" + name).start(() -> watch(name, sockets));
            return server.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void shut(String name, boolean shut) {
        System.setProperty(name, Boolean.toString(shut));
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void accept(ServerSocket server, int target, String name, Set<Socket> sockets) {
        while (!server.isClosed()) {
            try {
                Socket from = server.accept();
                if (Boolean.getBoolean(name)) {
                    from.close();
                    continue;
                }
                Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(from);
                sockets.add(to);
                copy(from, to, sockets);
                copy(to, from, sockets);
            } catch (IOException e) {
                pause();
            }
        }
    }

    private static void copy(Socket from, Socket to, Set<Socket> sockets) {
        Thread.ofVirtual().start(() -> {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                Thread.yield(); // one side is gone, so the other goes too
            } finally {
                sockets.remove(from);
                sockets.remove(to);
            }
        });
    }

    private static void watch(String name, Set<Socket> sockets) {
        while (true) {
            if (Boolean.getBoolean(name)) {
                for (Socket socket : sockets) {
                    try {
                        socket.close();
                    } catch (IOException e) {
                        sockets.remove(socket);
                    }
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(30);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
