//! The use cases, in process: a real store, real connectors, emulated CRMs over real HTTP.

mod access;
mod bad_days;
mod brakes;
mod consent;
mod mapping;
mod people;
mod platform;
mod retrying;
mod secrets;
mod stage;
mod suites;
mod sync;
mod world;
