//! Told, not polled: the log of events, who is told of them, and telling them.
//!
//! Events are written by the store with the change they tell of. A webhook has a cursor in that
//! log: events are sent to it in their order, each when the one before has arrived, signed after
//! the Standard Webhooks specification. At least once: whoever dies between sending and noting
//! leaves a lease that ends, and the next one sends the same message, by its id, again.
//!
//! Invariants:
//! - No message is sent inside a unit of work, and none that is not in the log (but tests).
//! - The address is checked when a webhook is saved and at every attempt.
//! - A secret is shown once, when it is made.

mod attempt;
mod delivering;
mod managing;
mod reading;
mod secrets;

pub use managing::{NewWebhook, WebhookChange, WebhookInput, WebhookView};
pub use reading::EventPage;

/// How long a receiver may take to answer, in seconds: what the specification recommends.
const PATIENCE: u64 = 15;
