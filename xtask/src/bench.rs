//! How good and how fast matching is, beside other matchers on the same files.

mod comparison;
pub(crate) mod directory;
mod join;
mod process;
mod score;

use std::{io::Write, path::Path};

use clap::Subcommand;

use crate::Error;

/// What can be measured.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Tie the rows of two CSV files whose e-mails are equal: the floor under every matcher
    Join(join::Arguments),
    /// Run ours and other matchers on the same files and print a table
    Match(comparison::Arguments),
    /// Say how good written pairs are, as JSON
    Score(score::Arguments),
    /// Run a program and say how long it took and how much memory, as JSON
    Measure(process::Arguments),
}

/// Does what the command says. `root` is the folder of the repository.
pub(crate) fn run(command: &Command, root: &Path, output: &mut impl Write) -> Result<(), Error> {
    match command {
        Command::Join(arguments) => join::run(arguments, output),
        Command::Match(arguments) => comparison::run(arguments, root, output),
        Command::Score(arguments) => score::run(arguments, output),
        Command::Measure(arguments) => process::run(arguments, output),
    }
}
