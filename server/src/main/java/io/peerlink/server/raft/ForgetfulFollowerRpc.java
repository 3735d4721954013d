package io.peerlink.server.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis' gRPC with two cures. A leader does not spin when a follower is gone. And a follower whose log is shorter than what it
 * had confirmed is sent what it lacks: Ratis 3.3.0 answers its refusal of a heartbeat by offering the entry behind the confirmed
 * ones again, without end (RATIS-2523). Ratis makes it by its name.
 *
 * <p>The second lowers what is sent next and nothing else: the follower's confirmed index stays as the leader remembers it, and what
 * was committed with its help stays committed. That relies on a majority still having those entries; if routers of a majority
 * lost them together, they are gone, and this cure does not tell. It works only in the leader that heard the confirmation (a
 * new leader starts from nothing confirmed and finds the right place by itself), only for the refusal of a heartbeat (refused
 * entries take Ratis' own way), and not for entries that the leader has purged: Ratis then sends a checkpoint.
 */
public final class ForgetfulFollowerRpc implements RpcType {
    private static final Logger LOGGER = LoggerFactory.getLogger(ForgetfulFollowerRpc.class);

    @Override
    public String name() {
        return ForgetfulFollowerRpc.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(parameters);
    }

    private static final class Factory extends GrpcFactory {
        private Factory(Parameters parameters) {
            super(parameters);
        }

        @Override
        public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
            return new Appender(server, state, follower);
        }
    }

    private static final class Appender extends GrpcLogAppender {
        private Appender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
            super(server, state, follower);
        }

        /**
         * Without a stream Ratis takes it that there is something to send. If there is not, it would look again at once: a
         * processor spent, until a heartbeat is due, just when a router is gone.
         */
        @Override
        public long getWaitTimeMs() {
            long wait = super.getWaitTimeMs();
            return hasAppendEntries() ? wait : Math.max(wait, getHeartbeatWaitTimeMs());
        }

        @Override
        protected long getNextIndexForInconsistency(long requestFirstIndex, long replyNextIndex) {
            long confirmed = getFollower().getMatchIndex();
            boolean heartbeat = requestFirstIndex < 0;
            if (heartbeat && replyNextIndex <= confirmed) {
                LOGGER.warn(
                        "{} had confirmed entry {} and now needs entry {}: its disk lost some; they are sent again",
                        getFollowerId(),
                        confirmed,
                        replyNextIndex);
                return replyNextIndex;
            }
            return super.getNextIndexForInconsistency(requestFirstIndex, replyNextIndex);
        }
    }
}
