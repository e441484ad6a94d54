package io.nephos.compute;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.nephos.compute");

    @Test
    void theStateMachineAndItsPlanArePure() {
        noClasses()
                .that()
                .haveFullyQualifiedName("io.nephos.compute.server.Server")
                .or()
                .haveFullyQualifiedName("io.nephos.compute.server.ServerPlan")
                .or()
                .haveFullyQualifiedName("io.nephos.compute.server.InstanceSpecs")
                .or()
                .haveFullyQualifiedName("io.nephos.compute.server.ServerStatus")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.nephos.kit.data..",
                        "io.nephos.kit.reconcile..",
                        "io.nephos.compute.peer..",
                        "io.quarkus..",
                        "jakarta..",
                        "io.grpc..")
                .check(classes);
    }

    @Test
    void onlyPeersAskOtherProcessesOverGrpc() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.nephos.compute.peer", "io.nephos.compute.report")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.nephos.rpc..")
                .orShould()
                .dependOnClassesThat()
                .haveSimpleNameEndingWith("Grpc")
                .check(classes);
    }

    @Test
    void whatPeersAreIsKnownWithoutTheNounsThatUseThem() {
        noClasses()
                .that()
                .resideInAPackage("io.nephos.compute.peer")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.nephos.compute.server", "io.nephos.compute.host", "io.nephos.compute.api")
                .check(classes);
    }
}
