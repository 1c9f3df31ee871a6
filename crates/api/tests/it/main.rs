//! The API as its callers see it: in-process requests against a real service over SQLite.

mod access;
mod acme;
mod conventions;
mod description;
mod drifting;
mod flows;
mod isolation;
mod pilot;
mod routes;
mod shapes;
mod signing_in;
mod world;
