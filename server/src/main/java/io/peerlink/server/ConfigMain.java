package io.peerlink.server;

import io.peerlink.server.config.ConfigException;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.server.config.Setting;
import io.peerlink.server.tls.CertificateCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code bin/peerlink-server config check FILE} and {@code config show [-c FILE] [--origin]}: what a router would take, and from where,
 * with the environment of this process. The check opens the certificates and keys, too.
 */
final class ConfigMain {
    private static final int EXIT_OK = 0;
    private static final int EXIT_USAGE = 2;
    private static final String ORIGIN = "--origin";

    private ConfigMain() {}

    /** Returns the exit code: 2 for a configuration that no router would start with. */
    static int run(List<String> arguments, Map<String, String> environment) {
        List<String> rest = new ArrayList<>(arguments);
        boolean origin = rest.remove(ORIGIN);
        boolean check = rest.size() == 2 && rest.get(0).equals("check") && !origin;
        boolean showFile =
                rest.size() == 3 && rest.get(0).equals("show") && rest.get(1).equals("-c");
        if (!check && !showFile && !rest.equals(List.of("show"))) {
            System.err.println("error: USAGE peerlink-server config check FILE | config show [-c FILE] [--origin]");
            return EXIT_USAGE;
        }
        Optional<Path> file = rest.size() == 1 ? Optional.empty() : Optional.of(Path.of(rest.get(rest.size() - 1)));
        try {
            if (check) {
                ConfigLoader.check(file, environment, CertificateCheck::look);
                System.out.println(rest.get(1) + ": ok");
            } else {
                List<Setting> settings = ConfigLoader.settings(file, environment);
                settings.forEach(setting -> System.out.println(
                        setting.key() + " = " + setting.value() + (origin ? "  # " + setting.origin() : "")));
            }
            return EXIT_OK;
        } catch (ConfigException e) {
            RouterMain.tell(e);
            return EXIT_USAGE;
        }
    }
}
