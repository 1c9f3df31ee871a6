//! The API as its callers see it: in-process requests against a real service over SQLite.

mod access;
mod acme;
mod conventions;
mod description;
mod drifting;
mod files;
mod flows;
mod handing_over;
mod isolation;
mod matrix;
mod pilot;
mod resolving;
mod routes;
mod second_person;
mod shapes;
mod signing_in;
mod webhooks;
mod world;
