package io.peerlink.integration.structure;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Size and tidiness of the sources (the idea of TigerBeetle's tidy.zig): limits with no list of exceptions. */
final class TidyTest {
    private static final int FILE_LINES_MAX = 400;
    private static final int METHOD_LINES_MAX = 60;
    private static final int CONSTRUCTOR_PARAMETERS_MAX = 5;

    private final List<String> findings = new ArrayList<>();

    @Test
    void filesAndMethodsAreShort() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(sources()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                long lines = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, unit));
                if (lines > FILE_LINES_MAX) {
                    findings.add(unit.getSourceFile().getName() + " has " + lines + " lines");
                }
                new MethodScanner(unit, positions).scan(unit, null);
            }
        }
        assertThat(findings).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        Set<Path> missing = new TreeSet<>();
        for (Path source : sources()) {
            if (source.toString().contains("/src/main/") && !Files.exists(source.resolveSibling("package-info.java"))) {
                missing.add(source.getParent());
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void nothingIsLeftToDo() throws IOException {
        for (Path source : sources()) {
            if (Files.readString(source).matches("(?s).*\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b.*")) {
                findings.add(source + " has a note to do something later");
            }
        }
        assertThat(findings).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> tree = Files.walk(Checkout.root(), 15)) {
            List<Path> sources = tree.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> path.toString().contains("/src/"))
                    .filter(path -> !path.toString().contains("/target/"))
                    .toList();
            assertThat(sources).hasSizeGreaterThan(50);
            return sources;
        }
    }

    private final class MethodScanner extends TreeScanner<@Nullable Void, @Nullable ClassTree> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;

        private MethodScanner(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable ClassTree outer) {
            return super.visitClass(type, type);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable ClassTree type) {
            long lines =
                    line(positions.getEndPosition(unit, method)) - line(positions.getStartPosition(unit, method)) + 1;
            String name = unit.getSourceFile().getName() + " " + method.getName();
            if (lines > METHOD_LINES_MAX) {
                findings.add(name + " has " + lines + " lines");
            }
            boolean record = type != null && type.getKind() == Tree.Kind.RECORD;
            if (method.getReturnType() == null
                    && !record
                    && method.getParameters().size() > CONSTRUCTOR_PARAMETERS_MAX) {
                findings.add(name + " takes " + method.getParameters().size() + " parameters");
            }
            return super.visitMethod(method, type);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
