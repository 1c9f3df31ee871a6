//! The use cases, in process: a real store, real connectors, emulated CRMs over real HTTP.

mod access;
mod bad_days;
mod consent;
mod hand_over;
mod mapping;
mod people;
mod platform;
mod resolve;
mod secrets;
mod suites;
mod sync;
mod world;
