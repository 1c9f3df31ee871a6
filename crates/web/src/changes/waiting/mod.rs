//! Changes that wait for a second person.

use counterpart_model::PendingState;

use crate::words::Tone;

pub(super) mod decide;
pub(super) mod list;
pub(super) mod show;

/// The word and the tone of a state.
const fn state(state: PendingState, waits: bool) -> (&'static str, Tone) {
    match state {
        PendingState::Open if waits => ("waits", "look"),
        PendingState::Open | PendingState::Expired => ("expired", "calm"),
        PendingState::Approved => ("approved", "done"),
        PendingState::Rejected => ("rejected", "broken"),
        PendingState::Withdrawn => ("withdrawn", "calm"),
    }
}
