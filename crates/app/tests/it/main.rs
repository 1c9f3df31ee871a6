//! The binary, from outside: as a user starts it.

mod browser;
mod command;
mod component;
mod demo;
mod documents;
mod killed;
mod matching;
mod served;
mod tryton;
