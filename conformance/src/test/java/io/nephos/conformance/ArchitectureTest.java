package io.nephos.conformance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The layering of the house and the purity of its cores, held by the build (CONTRIBUTING.md says why). */
class ArchitectureTest {
    private static final List<String> SERVICES =
            List.of("identity", "compute", "network", "image", "block", "scheduler");
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.nephos");

    @Test
    void servicesNeverDependOnEachOtherOrOnTheAgent() {
        for (String service : SERVICES) {
            String[] others = java.util.stream.Stream.concat(SERVICES.stream(), java.util.stream.Stream.of("agent"))
                    .filter(other -> !other.equals(service))
                    .map(other -> "io.nephos." + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("io.nephos." + service + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(HOUSE);
        }
    }

    @Test
    void theKitsKnowNoServiceAndTheLowerKnowsNotTheUpper() {
        String[] services = java.util.stream.Stream.concat(SERVICES.stream(), java.util.stream.Stream.of("agent"))
                .map(service -> "io.nephos." + service + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAnyPackage("io.nephos.kit..", "io.nephos.rpc..", "io.nephos.rbd..", "io.nephos.contracts..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(services)
                .check(HOUSE);
        noClasses()
                .that()
                .resideInAnyPackage("io.nephos.rpc..", "io.nephos.contracts..", "io.nephos.agent..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.nephos.kit..")
                .check(HOUSE);
        noClasses()
                .that()
                .resideInAPackage("io.nephos.rbd..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.nephos.kit..", "io.nephos.rpc..", "io.nephos.contracts..")
                .check(HOUSE);
        noClasses()
                .that()
                .resideInAPackage("io.nephos.contracts..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.nephos.rpc..")
                .check(HOUSE);
    }

    @Test
    void eachVendorIsKnownByOnePackageOnly() {
        onlyIn("..keycloak..", "org.keycloak..");
        onlyIn("..libvirt..", "org.libvirt..", "com.sun.jna..");
        onlyIn("io.nephos.kit.data..", "org.hibernate.reactive..", "io.vertx.pgclient..");
        onlyIn("io.nephos.kit.event..", "org.apache.kafka..");
        onlyIn("io.nephos.image.backend.s3..", "software.amazon..");
        onlyIn("io.nephos.scheduler.optimiser.solver..", "com.google.ortools..");
    }

    /** Memory outside of the heap may be anybody's. */
    @Test
    void nativeLibrariesAreCalledByOnePackageEach() {
        noClasses()
                .that()
                .resideInAPackage("io.nephos..")
                .and()
                .resideOutsideOfPackages("io.nephos.rbd..", "io.nephos.kit.crypto..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.foreign\\.(Linker|SymbolLookup|FunctionDescriptor).*")
                .check(HOUSE);
    }

    /** A virtual thread may be lost in it: docs/adr/0009. */
    @Test
    void nobodyWaitsInAMonitor() {
        noClasses()
                .should()
                .callMethod(Object.class, "wait")
                .orShould()
                .callMethod(Object.class, "wait", long.class)
                .orShould()
                .callMethod(Object.class, "wait", long.class, int.class)
                .check(HOUSE);
    }

    @Test
    void theSchedulersCoreIsPlainJava() {
        classes()
                .that()
                .resideInAPackage("io.nephos.scheduler.core..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.nephos.scheduler.core..", "java..", "org.jspecify..")
                .check(HOUSE);
    }

    @Test
    void noNameSaysNothing() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.nephos.contracts..")
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Common")
                .check(HOUSE);
    }

    private static void onlyIn(String home, String... vendor) {
        noClasses()
                .that()
                .resideInAPackage("io.nephos..")
                .and()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(vendor)
                .check(HOUSE);
    }
}
