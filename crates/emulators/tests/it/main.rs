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
mod zoho;
mod zoho_crm;
mod zoho_desk;
mod zoho_records;
mod zoho_writes;
