//! The interpreter against a server that answers by a script: what no emulator of a provider
//! does, and what must hold whatever the provider.

mod hooks;
mod lists;
mod script;
mod sessions;
mod world;
mod writes;
