package io.nephos.network.ipam;

import java.math.BigInteger;
import java.util.Optional;

/** A range of addresses with a common prefix; {@code network} has no host bits. */
public record Cidr(IpAddress network, int prefix) {

    /** "10.0.0.0/24"; host bits are cleared. Empty when it is no prefix at all. */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return IpAddress.parse(text).map(address -> new Cidr(address, address.bits()));
        }
        String length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}")) {
            return Optional.empty();
        }
        int prefix = Integer.parseInt(length);
        return IpAddress.parse(text.substring(0, slash))
                .filter(address -> prefix <= address.bits())
                .map(address -> of(address, prefix));
    }

    /** A prefix that is known to be well-formed. */
    public static Cidr of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("Not a prefix: " + text));
    }

    /** The prefix of that length that the address lies in. */
    public static Cidr of(IpAddress address, int prefix) {
        int host = address.bits() - prefix;
        return new Cidr(
                new IpAddress(
                        address.version(), address.value().shiftRight(host).shiftLeft(host)),
                prefix);
    }

    public int version() {
        return network.version();
    }

    public BigInteger size() {
        return BigInteger.ONE.shiftLeft(network.bits() - prefix);
    }

    public IpAddress last() {
        return new IpAddress(version(), network.value().add(size()).subtract(BigInteger.ONE));
    }

    public boolean contains(IpAddress address) {
        return address.version() == version() && of(address, prefix).equals(this);
    }

    public boolean overlaps(Cidr other) {
        return contains(other.network) || other.contains(network);
    }

    /** Can be given to a port: neither the subnet's own nor the broadcast address. */
    public boolean usable(IpAddress address) {
        if (!contains(address)) {
            return false;
        }
        if (version() == 6) {
            return prefix >= 127 || !address.equals(network);
        }
        return prefix >= 31 || (!address.equals(network) && !address.equals(last()));
    }

    @Override
    public String toString() {
        return network + "/" + prefix;
    }
}
