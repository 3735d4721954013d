package io.peerlink.server.agreement;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** What a comparison of states means for this router. */
enum Verdict {
    /** All that are known are the same. */
    AGREED,
    /** Some other router differs from a majority that this one belongs to. */
    OTHER_DIVERGED,
    /** No majority can share this router's state, whatever those hold that are not known. */
    SELF_DIVERGED,
    /** They differ, and it hangs on those that are not known. */
    UNDECIDED;

    /**
     * @param own this router's hash
     * @param others hashes of those that are known
     * @param members how many routers the cluster has
     */
    static Verdict of(ByteString own, Collection<ByteString> others, int members) {
        if (others.stream().allMatch(own::equals)) {
            return AGREED;
        }
        int same = 1 + Collections.frequency(List.copyOf(others), own);
        if (isMajority(same, members)) {
            return OTHER_DIVERGED;
        }
        int unknown = members - 1 - others.size();
        return isMajority(same + unknown, members) ? UNDECIDED : SELF_DIVERGED;
    }

    private static boolean isMajority(int votes, int members) {
        return 2 * votes > members;
    }
}
