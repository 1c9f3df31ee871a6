//! The portal, driven in process by clients of every role.

mod checking;
mod client;
mod connecting;
mod drifting;
mod handing_over;
mod house;
mod importing;
mod mapping;
mod matrix;
mod people_and_connections;
mod reviewing;
mod routes;
mod second_person;
mod signing_in;
mod syncing;
mod tenants;
mod undoing;
mod world;
