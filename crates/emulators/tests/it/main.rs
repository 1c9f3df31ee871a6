//! The emulators, driven over real HTTP.

mod autotask;
mod client;
mod control;
mod directory;
mod faults;
mod hubspot;
mod outreach;
mod pipedrive;
mod salesforce;
mod zoho_crm;
