//! The client against real servers on loopback.

mod answers;
mod guard;
mod secrets;
mod secure;
mod server;
