//! The emulators, driven over real HTTP.

mod autotask;
mod client;
mod control;
mod directory;
mod faults;
mod freshdesk;
mod salesforce;
mod servicenow;
mod zendesk;
mod zoho_crm;
