package io.nephos.network;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.nephos.network");

    @Test
    void addressesArePureArithmetic() {
        noClasses()
                .that()
                .resideInAPackage("io.nephos.network.ipam")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("io.nephos.network.ipam", "java..", "org.jspecify..")
                .check(classes);
    }

    @Test
    void onlyOvnSpeaksOvsdb() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.nephos.network.ovn", "io.nephos.network.agent")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.nephos.network.ovn")
                .check(classes);
    }

    @Test
    void compilersKnowNoDatabase() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Compiler")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.nephos.kit..", "io.quarkus..", "jakarta..")
                .check(classes);
    }
}
