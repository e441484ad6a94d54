package io.nephos.network.port;

import io.nephos.kit.http.Fields;
import io.nephos.network.api.Attributes;
import io.nephos.network.ipam.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of a request's {@code fixed_ips}: a subnet, an address, or both.
 *
 * @param family 4 or 6 when neither is named but the family is; else 0
 */
public record AddressWish(Optional<String> subnetId, Optional<IpAddress> address, int family) {

    public static AddressWish in(String subnetId) {
        return new AddressWish(Optional.of(subnetId), Optional.empty(), 0);
    }

    public static AddressWish exactly(String subnetId, IpAddress address) {
        return new AddressWish(Optional.of(subnetId), Optional.of(address), 0);
    }

    public static AddressWish address(IpAddress address) {
        return new AddressWish(Optional.empty(), Optional.of(address), 0);
    }

    /** Any address of that IP version. */
    public static AddressWish ofFamily(int version) {
        return new AddressWish(Optional.empty(), Optional.empty(), version);
    }

    boolean named() {
        return subnetId.isPresent() || address.isPresent();
    }

    static List<AddressWish> read(Fields body, String attribute) {
        List<AddressWish> wishes = new ArrayList<>();
        for (Fields one : body.objects(attribute)) {
            AddressWish wish = new AddressWish(
                    one.optionalUuid("subnet_id"),
                    one.optionalText("ip_address", 1, 64).map(text -> Attributes.address("ip_address", text)),
                    0);
            if (wish.address.isPresent() && wishes.stream().anyMatch(other -> other.address.equals(wish.address))) {
                throw one.invalid("ip_address", "the address is there twice.");
            }
            wishes.add(wish);
        }
        return wishes;
    }
}
