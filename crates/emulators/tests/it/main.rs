//! The emulators, driven over real HTTP.

#[path = "3cx.rs"]
mod three_cx;

mod autotask;
mod autotask_writes;
mod client;
mod connectwise_psa;
mod control;
mod directory;
mod dynamics_365;
mod dynamics_365_records;
mod dynamics_365_sign_in;
mod faults;
mod freshdesk;
mod hubspot;
mod insightly;
mod kaseya_bms;
mod keap;
mod keap_writes;
mod kylas;
mod odoo;
mod odoo_writes;
mod outreach;
mod pipedrive;
mod salesforce;
mod salesforce_records;
mod salesforce_sign_in;
mod servicenow;
mod syncromsp;
mod tryton;
mod zendesk;
mod zoho;
mod zoho_crm;
mod zoho_desk;
mod zoho_records;
mod zoho_writes;
