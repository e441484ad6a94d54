package io.nephos.agent.libvirt;

import io.nephos.agent.hypervisor.ObservedDomain.Devices;
import io.nephos.agent.hypervisor.PortDevice;
import io.nephos.agent.hypervisor.VolumeDevice;
import io.nephos.agent.hypervisor.VolumeSource;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Reads what {@link DomainXml} wrote, as libvirt gives it back. Pure. */
final class DomainXmlReader {
    private final Element domain;

    DomainXmlReader(String xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            domain = factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new IllegalArgumentException("not a domain", e);
        }
    }

    /** Who a domain is to Nephos. */
    record Identity(String id, long generation, String fingerprint) {}

    /** Empty when the domain is not one of ours. */
    Optional<Identity> identity() {
        NodeList marks = domain.getElementsByTagNameNS(DomainXml.NAMESPACE, "instance");
        if (marks.getLength() == 0 || !(marks.item(0) instanceof Element mark)) {
            return Optional.empty();
        }
        String generation = mark.getAttribute("generation");
        return Optional.of(new Identity(
                mark.getAttribute("id"),
                generation.matches("\\d{1,18}") ? Long.parseLong(generation) : 0,
                mark.getAttribute("fingerprint")));
    }

    String name() {
        return text(domain, "name");
    }

    Devices devices() {
        List<PortDevice> ports = new ArrayList<>();
        List<VolumeDevice> volumes = new ArrayList<>();
        List<String> targets = new ArrayList<>();
        for (Element card : elements("interface")) {
            String id = attribute(card, "parameters", "interfaceid");
            if (!id.isEmpty()) {
                ports.add(
                        new PortDevice(id, attribute(card, "mac", "address"), number(attribute(card, "mtu", "size"))));
            }
        }
        for (Element disk : elements("disk")) {
            String target = attribute(disk, "target", "dev");
            targets.add(target);
            String alias = attribute(disk, "alias", "name");
            if (alias.startsWith(DomainXml.VOLUME_ALIAS)) {
                volumes.add(volume(disk, alias.substring(DomainXml.VOLUME_ALIAS.length()), target));
            }
        }
        return new Devices(ports, volumes, targets);
    }

    /** The device with that alias, as libvirt wants to see it again when it is to be unplugged. */
    Optional<String> device(String alias) {
        for (String kind : List.of("interface", "disk")) {
            for (Element device : elements(kind)) {
                if (attribute(device, "alias", "name").equals(alias)) {
                    return Optional.of(serialize(device));
                }
            }
        }
        return Optional.empty();
    }

    private static VolumeDevice volume(Element disk, String attachmentId, String target) {
        String boot = attribute(disk, "boot", "order");
        return new VolumeDevice(
                attachmentId,
                text(disk, "serial"),
                target,
                boot.isEmpty() ? -1 : number(boot) - 1,
                disk.getElementsByTagName("readonly").getLength() > 0,
                source(disk));
    }

    private static VolumeSource source(Element disk) {
        String name = attribute(disk, "source", "name");
        int slash = name.indexOf('/');
        return attribute(disk, "source", "protocol").equals("rbd") && slash > 0
                ? new VolumeSource.Ceph(name.substring(0, slash), name.substring(slash + 1))
                : new VolumeSource.Nbd(
                        attribute(disk, "host", "name"),
                        number(attribute(disk, "host", "port")),
                        name,
                        attribute(disk, "source", "tlsHostname"));
    }

    private List<Element> elements(String name) {
        List<Element> found = new ArrayList<>();
        NodeList devices = domain.getElementsByTagName(name);
        for (int i = 0; i < devices.getLength(); i++) {
            if (devices.item(i) instanceof Element element
                    && element.getParentNode() instanceof Element parent
                    && parent.getTagName().equals("devices")) {
                found.add(element);
            }
        }
        return found;
    }

    private static String attribute(Element of, String child, String name) {
        return of.getElementsByTagName(child).item(0) instanceof Element element ? element.getAttribute(name) : "";
    }

    private static String text(Element of, String child) {
        Node node = of.getElementsByTagName(child).item(0);
        return node == null ? "" : node.getTextContent();
    }

    private static int number(String text) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static String serialize(Element element) {
        try {
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            StringWriter text = new StringWriter();
            transformer.transform(new DOMSource(element), new StreamResult(text));
            return text.toString();
        } catch (TransformerException e) {
            throw new IllegalStateException(e);
        }
    }
}
