package io.peerlink.integration.torture.nemesis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Signals to processes of this run, and what the kernel says of them. */
final class Signals {
    private Signals() {}

    static void send(long pid, String signal) {
        try {
            int exit = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("cannot send SIG" + signal + " to process " + pid);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the process is stopped by SIGSTOP. */
    static boolean isStopped(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            // The state follows the command's name, which is in parentheses and may hold anything.
            return stat.startsWith(" T", stat.lastIndexOf(')') + 1);
        } catch (IOException e) {
            return false;
        }
    }

    static boolean hasProc() {
        return Files.isReadable(Path.of("/proc/self/stat"));
    }
}
