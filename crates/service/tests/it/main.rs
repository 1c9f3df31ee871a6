//! The use cases, in process: a real store, real connectors, emulated CRMs over real HTTP.

mod access;
mod bad_days;
mod brakes;
mod consent;
mod drift;
mod drift_suite;
mod hand_over;
mod history;
mod mapping;
mod mapping_files;
mod oracle;
mod people;
mod platform;
mod receiver;
mod resolve;
mod retrying;
mod secrets;
mod stage;
mod standing;
mod suites;
mod sync;
mod two_admins;
mod undo;
mod webhooks;
mod world;
