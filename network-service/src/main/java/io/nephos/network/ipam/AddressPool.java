package io.nephos.network.ipam;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Addresses from {@code start} to {@code end}, both included, that ports are given without asking for one. */
public record AddressPool(IpAddress start, IpAddress end) {
    private static final int WINDOW = 64;

    /** "10.0.0.2-10.0.0.254", as it is kept. */
    public static AddressPool of(String text) {
        int dash = text.indexOf('-');
        return new AddressPool(IpAddress.of(text.substring(0, dash)), IpAddress.of(text.substring(dash + 1)));
    }

    /** All that the prefix has to give, around the gateway. */
    public static List<AddressPool> around(Cidr cidr, Optional<IpAddress> gateway) {
        boolean small = cidr.network().bits() - cidr.prefix() <= 1;
        IpAddress first = small ? cidr.network() : cidr.network().plus(1);
        IpAddress last =
                small || cidr.version() == 6 ? cidr.last() : cidr.last().plus(-1);
        if (gateway.isEmpty()
                || gateway.get().compareTo(first) < 0
                || gateway.get().compareTo(last) > 0) {
            return List.of(new AddressPool(first, last));
        }
        List<AddressPool> pools = new ArrayList<>();
        if (gateway.get().compareTo(first) > 0) {
            pools.add(new AddressPool(first, gateway.get().plus(-1)));
        }
        if (gateway.get().compareTo(last) < 0) {
            pools.add(new AddressPool(gateway.get().plus(1), last));
        }
        return pools;
    }

    public boolean contains(IpAddress address) {
        return address.compareTo(start) >= 0 && address.compareTo(end) <= 0;
    }

    public boolean overlaps(AddressPool other) {
        return contains(other.start) || other.contains(start);
    }

    public BigInteger size() {
        return end.value().subtract(start.value()).add(BigInteger.ONE);
    }

    /**
     * A free address: one of the first few at random, so that an address just given back is not at once another's.
     * Empty when all are taken.
     */
    public static Optional<IpAddress> choose(List<AddressPool> pools, Set<IpAddress> taken, RandomGenerator random) {
        List<IpAddress> free = new ArrayList<>();
        for (AddressPool pool : pools) {
            for (IpAddress at = pool.start; at.compareTo(pool.end) <= 0 && free.size() < WINDOW; at = at.plus(1)) {
                if (!taken.contains(at)) {
                    free.add(at);
                }
            }
        }
        return free.isEmpty() ? Optional.empty() : Optional.of(free.get(random.nextInt(free.size())));
    }

    @Override
    public String toString() {
        return start + "-" + end;
    }
}
