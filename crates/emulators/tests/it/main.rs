//! The emulators, driven over real HTTP.

mod autotask;
mod autotask_writes;
mod client;
mod connectwise_psa;
mod control;
mod directory;
mod faults;
mod freshdesk;
mod hubspot;
mod insightly;
mod kaseya_bms;
mod keap;
mod keap_writes;
mod kylas;
mod outreach;
mod pipedrive;
mod salesforce;
mod servicenow;
mod syncromsp;
mod zendesk;
mod zoho;
mod zoho_crm;
mod zoho_desk;
mod zoho_records;
mod zoho_writes;
