package io.nephos.image.metadef;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import java.util.Locale;

/** What a namespace defines, and Glance's words for it. */
enum DefinitionKind {
    OBJECT,
    PROPERTY,
    TAG;

    String stored() {
        return name().toLowerCase(Locale.ROOT);
    }

    FaultException missing(String name, String namespace) {
        return Fault.notFound("The metadata definition " + stored() + " with name=" + name
                + " was not found in namespace=" + namespace + ".");
    }

    FaultException already(String name, String namespace) {
        return Fault.conflict((this == TAG ? "A metadata tag" : "A metadata definition " + stored()) + " with name="
                + name + " already exists in namespace=" + namespace + ".");
    }

    FaultException isProtected(String name) {
        return Fault.forbidden("Metadata definition " + stored() + " " + name + " is protected and cannot be deleted.");
    }
}
