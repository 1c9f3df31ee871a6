//! The emulators, driven over real HTTP.

mod autotask;
mod client;
mod control;
mod directory;
mod faults;
mod insightly;
mod keap;
mod keap_writes;
mod kylas;
mod salesforce;
mod syncromsp;
mod zoho_crm;
