//! The client against real servers on loopback.

mod ahead;
mod answers;
mod guard;
mod secrets;
mod secure;
mod server;
