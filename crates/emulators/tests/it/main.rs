//! The emulators, driven over real HTTP.

mod autotask;
mod client;
mod control;
mod directory;
mod dynamics_365;
mod dynamics_365_records;
mod dynamics_365_sign_in;
mod faults;
mod salesforce;
mod salesforce_records;
mod salesforce_sign_in;
mod zoho_crm;
