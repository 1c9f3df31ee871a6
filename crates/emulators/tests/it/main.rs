//! The emulators, driven over real HTTP.

mod autotask;
mod autotask_writes;
mod client;
mod connectwise_psa;
mod control;
mod directory;
mod faults;
mod kaseya_bms;
mod salesforce;
mod zoho_crm;
