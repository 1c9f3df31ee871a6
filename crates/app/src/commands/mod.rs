//! The commands, one file each.

pub(crate) mod account;
pub(crate) mod check;
pub(crate) mod connection;
pub(crate) mod connector;
pub(crate) mod database;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod emulate;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod hand_over;
pub(crate) mod import_pairs;
pub(crate) mod map;
pub(crate) mod mapping_file;
pub(crate) mod match_files;
pub(crate) mod match_names;
pub(crate) mod organization;
pub(crate) mod pending;
pub(crate) mod people;
pub(crate) mod resolve;
pub(crate) mod run;
pub(crate) mod serve;
pub(crate) mod sync;
pub(crate) mod token;
pub(crate) mod undo;
pub(crate) mod webhook;

use std::io::{IsTerminal as _, Read as _};
use std::process::ExitCode;

use counterpart_model::Code;
use counterpart_service::{Error, Result};
use secrecy::SecretString;
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command};
use crate::output::Output;

/// Runs the command of the command line.
pub(crate) async fn run(cli: Cli, output: Output) -> Result<ExitCode> {
    let Cli {
        mut global,
        command,
    } = cli;
    if global.url.is_some() && !command.is_for_servers() {
        return Err(Error::new(
            Code::Usage,
            "this command works on a data folder; leave --url (COUNTERPART_URL) out",
        ));
    }
    if let Command::Match(mut args) = command {
        args.json |= global.json;
        return Ok(match_files::execute(&args));
    }
    if matches!(command, Command::Serve(_)) && global.log == "warn" {
        "info".clone_into(&mut global.log);
    }
    start_log(&global.log)?;
    let ending = match command {
        Command::Match(_) => return Ok(ExitCode::SUCCESS),
        Command::MatchNames(args) => match_names::run(&args, output),
        Command::Check(args) => check::run(&global, args, output).await,
        Command::Doctor(args) => doctor::run(&global, &args, output).await,
        Command::Demo(args) => demo::run(&global, &args, output).await,
        Command::Serve(args) => serve::run(&global, &args, output).await,
        Command::Sync(args) => sync::run(&global, &args, output).await,
        Command::Run(command) => run::run(&global, command, output).await,
        Command::Map(command) => map::run(&global, command, output).await,
        Command::Undo(args) => undo::run(&global, args, output).await,
        Command::Pending(command) => pending::run(&global, command, output).await,
        Command::HandOver(args) => hand_over::run(&global, args, output).await,
        Command::Resolve(args) => resolve::run(&global, args, output).await,
        Command::Export(args) => export::run(&global, &args, output).await,
        Command::Plan(args) => mapping_file::plan(&global, &args, output).await,
        Command::ImportPairs(args) => import_pairs::run(&global, args, output).await,
        Command::Apply(args) => mapping_file::apply(&global, &args, output).await,
        Command::People(command) => people::run(&global, command, output).await,
        Command::Connection(command) => connection::run(&global, command, output).await,
        Command::Connector(command) => connector::run(&global, command, output).await,
        Command::Emulate(args) => emulate::run(&args, output).await,
        Command::Organization(command) => organization::run(&global, command, output).await,
        Command::Account(command) => account::run(&global, command, output).await,
        Command::Token(command) => token::run(&global, command, output).await,
        Command::Webhook(command) => webhook::run(&global, command, output).await,
        Command::Db(command) => database::run(&global, command, output).await,
        Command::Explain(args) => explain::run(&args, output),
    };
    ending.map(ExitCode::from)
}

/// Starts the log, on stderr.
fn start_log(filter: &str) -> Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Error::new(
            Code::Usage,
            format!("`{filter}` is not a log filter ({error}); use a level such as info"),
        )
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
    Ok(())
}

/// A password from standard input: its first line.
fn password_from_stdin() -> Result<SecretString> {
    let mut text = String::new();
    std::io::stdin()
        .take(4_096)
        .read_to_string(&mut text)
        .map_err(|error| {
            Error::new(
                Code::Usage,
                format!("cannot read the password from standard input: {error}"),
            )
        })?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(Error::new(
            Code::Usage,
            "no password came on standard input; pipe it in, for example from a secret store",
        ));
    }
    Ok(line.to_owned().into())
}
