package io.peerlink.statemachine.apply;

/** How many rows a tick may still look at: due rows and, of the runs they name, recipients. Apply thread only. */
final class RowBudget {
    private long left;
    private boolean overdrawn;

    RowBudget(long rowsMax) {
        this.left = rowsMax;
    }

    /** Takes the row of a piece of work, unless nothing is left for it. */
    boolean take() {
        if (left <= 0) {
            overdrawn = true;
            return false;
        }
        left--;
        return true;
    }

    /** Charges what a piece of work turned out to cost; it is finished in any case. */
    void charge(long rows) {
        left -= rows;
    }

    /** Whether work had to be left. */
    boolean isOverdrawn() {
        return overdrawn;
    }
}
