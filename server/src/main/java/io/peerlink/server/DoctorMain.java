package io.peerlink.server;

import io.peerlink.server.config.ConfigException;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.doctor.Doctor;
import io.peerlink.server.doctor.Finding;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code bin/peerlink-server doctor -c FILE}: looks at what a router would start with, changes nothing, and ends. */
final class DoctorMain {
    private static final int EXIT_OK = 0;
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;

    private DoctorMain() {}

    /** Returns the exit code: 1 if anything failed. */
    static int run(List<String> arguments) {
        if (arguments.size() != 2 || !arguments.get(0).equals("-c")) {
            System.err.println("error: USAGE peerlink-server doctor -c FILE");
            return EXIT_USAGE;
        }
        try {
            ServerConfig config = ConfigLoader.load(Optional.of(Path.of(arguments.get(1))), System.getenv());
            print(new Finding(Finding.Level.OK, "config", arguments.get(1), ""));
            List<Finding> findings = Doctor.examine(config);
            findings.forEach(DoctorMain::print);
            return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.FAIL) ? EXIT_FAILED : EXIT_OK;
        } catch (ConfigException e) {
            e.problems()
                    .forEach(problem -> print(new Finding(
                            Finding.Level.FAIL, "config", problem, "conf/peerlink.conf documents every key")));
            return EXIT_FAILED;
        }
    }

    private static void print(Finding finding) {
        System.out.println(finding.line());
    }
}
