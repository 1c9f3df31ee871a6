//! Checks and chores of the repository: `cargo xtask --help`.
//!
//! `tidy` holds what neither the compiler nor clippy can: the arrows between crates, the places
//! a provider may be named in, the shape of the migrations, documents in step with the code, and
//! the licences of dependencies.

mod bench;
mod metadata;
mod repository;
mod rust_source;
mod tidy;

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::{metadata::Metadata, repository::Repository};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Checks and chores of the repository")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check the rules that the compiler and clippy cannot
    Tidy {
        /// Only the rules of these names
        #[arg(value_name = "RULE")]
        rules: Vec<String>,
    },
    /// Generate two directories of the same people, with the pairs known
    Directory(bench::directory::Arguments),
    /// Measure matching beside other matchers
    Bench {
        #[command(subcommand)]
        command: bench::Command,
    },
}

/// What stops a chore before it can give a result.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("cannot read {path}: {source}")]
    Read { path: String, source: io::Error },
    #[error("cannot write {path}: {source}")]
    WriteFile { path: String, source: io::Error },
    #[error("cannot run `{command}`: {source}")]
    Run { command: String, source: io::Error },
    #[error("`{command}` failed: {message}")]
    Failed { command: String, message: String },
    #[error("{path} is not what it should be: {message}")]
    Malformed { path: String, message: String },
    #[error("there is no rule named {name}; the rules are: {known}")]
    UnknownRule { name: String, known: String },
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Tidy { rules } => run_tidy(&rules),
        Command::Bench { command } => {
            bench::run(&command, root(), &mut io::stdout().lock()).map(|()| true)
        }
        Command::Directory(arguments) => {
            bench::directory::run(&arguments, &mut io::stdout().lock()).map(|()| true)
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // A closed stderr leaves nobody to tell; the exit code still says it.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}

/// Whether the repository is tidy.
fn run_tidy(rules: &[String]) -> Result<bool, Error> {
    let root = root();
    let context = tidy::Context {
        repository: Repository::discover(root)?,
        metadata: Metadata::load(root)?,
    };
    tidy::run(&context, rules, &mut io::stdout().lock())
}
