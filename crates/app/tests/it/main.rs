//! The binary, from outside: as a user starts it.

mod browser;
mod checking;
mod command;
mod component;
mod connected;
mod demo;
mod documents;
mod held;
mod killed;
mod mapping_file;
mod match_names;
mod matching;
mod pending;
mod secrets;
mod served;
mod tryton;
mod undo;
