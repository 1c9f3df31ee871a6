//! The `counterpart` binary: reads the command line, puts the service together, runs one command.
//!
//! Results go to stdout, progress and logs to stderr. Exit codes: 0 done, 1 failed, 2 something
//! needs attention, 3 stopped by a brake, 64 wrong usage.

mod cli;
mod clock;
mod commands;
mod output;
mod remote;
mod wiring;

use std::process::ExitCode;

use clap::Parser as _;
use mimalloc::MiMalloc;

use crate::cli::Cli;
use crate::output::Output;

/// A pull makes a hundred small values per user on one thread and drops many of them on another,
/// at which the system's allocator spends a third of the time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The exit code of a command line that is not understood (`EX_USAGE` of sysexits).
const USAGE: u8 = 64;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    let output = Output::new(cli.global.json);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return output.failed(&wiring::StartError::Runtime(error).into()),
    };
    match runtime.block_on(commands::run(cli, output)) {
        Ok(code) => code,
        Err(error) => output.failed(&error),
    }
}

/// Prints help, version or what is wrong with the command line.
fn refuse(error: &clap::Error) -> ExitCode {
    // A closed stream leaves nobody to tell.
    drop(error.print());
    if error.use_stderr() {
        ExitCode::from(USAGE)
    } else {
        ExitCode::SUCCESS
    }
}
