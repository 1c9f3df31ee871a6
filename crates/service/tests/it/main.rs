//! The use cases, in process: a real store, real connectors, emulated CRMs over real HTTP.

mod access;
mod bad_days;
mod brakes;
mod consent;
mod drift;
mod drift_suite;
mod hand_over;
mod mapping;
mod mapping_files;
mod matching;
mod people;
mod platform;
mod receiver;
mod reconcile;
mod resolve;
mod retrying;
mod review;
mod second_person;
mod secrets;
mod stage;
mod suites;
mod sync;
mod two_admins;
mod undo;
mod webhooks;
mod world;
