//! The emulators, driven over real HTTP.

mod autotask;
mod client;
mod control;
mod directory;
mod faults;
mod salesforce;
mod zoho_crm;

mod odoo;
mod odoo_writes;
#[path = "3cx.rs"]
mod three_cx;
mod tryton;
