//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use counterpart_outbound::Network;
use secrecy::SecretString;
use url::Url;

use crate::commands::{
    account, check, connection, connector, database, demo, doctor, emulate, explain, export,
    hand_over, import_pairs, map, mapping_file, match_files, match_names, organization, pending,
    people, resolve, run, serve, sync, token, undo, webhook,
};

/// Ties the people of a phone or sales platform to their users in each CRM, and keeps the tie true.
#[derive(Debug, Parser)]
#[command(
    name = "counterpart",
    version,
    propagate_version = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Where the database, its master key and its lock live
    #[arg(
        long,
        global = true,
        value_name = "FOLDER",
        env = "COUNTERPART_DATA_DIR",
        default_value = "counterpart-data"
    )]
    pub(crate) data_dir: PathBuf,
    /// Use this PostgreSQL database instead of SQLite in the data folder
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "COUNTERPART_DATABASE_URL",
        hide_env_values = true
    )]
    pub(crate) database: Option<String>,
    /// Work through the running server at this address instead of on a data folder
    #[arg(long, global = true, value_name = "URL", env = "COUNTERPART_URL")]
    pub(crate) url: Option<Url>,
    /// The token for that server
    #[arg(
        long,
        global = true,
        value_name = "TOKEN",
        env = "COUNTERPART_TOKEN",
        hide_env_values = true
    )]
    pub(crate) token: Option<SecretString>,
    /// Act in this organization, by name or id; not needed when there is only one
    #[arg(long, short, global = true, value_name = "NAME")]
    pub(crate) organization: Option<String>,
    /// Print results and errors as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Allow calls to private addresses in this range, for example 10.1.0.0/16; may be repeated
    #[arg(
        long = "allow-address",
        global = true,
        value_name = "CIDR",
        env = "COUNTERPART_ALLOW_ADDRESS",
        value_delimiter = ','
    )]
    pub(crate) allow: Vec<Network>,
    /// Also use the connectors in this folder: each a folder with a manifest.toml
    #[arg(
        long,
        global = true,
        value_name = "FOLDER",
        env = "COUNTERPART_CONNECTORS"
    )]
    pub(crate) connectors: Option<PathBuf>,
    /// Let the connectors of that folder talk to this host, for example api.crm.example or
    /// *.crm.example; may be repeated
    #[arg(
        long = "connector-host",
        global = true,
        value_name = "HOST",
        env = "COUNTERPART_CONNECTOR_HOSTS",
        value_delimiter = ','
    )]
    pub(crate) connector_hosts: Vec<String>,
    /// What to log: error, warn, info, debug, or a filter such as `counterpart_service=debug`
    #[arg(
        long,
        global = true,
        value_name = "FILTER",
        env = "COUNTERPART_LOG",
        default_value = "warn"
    )]
    pub(crate) log: String,
}

impl Command {
    /// Whether it can work through a running server.
    pub(crate) const fn is_for_servers(&self) -> bool {
        matches!(
            self,
            Self::Export(_)
                | Self::Plan(_)
                | Self::Apply(_)
                | Self::ImportPairs(_)
                | Self::Check(_)
                | Self::Doctor(_)
                | Self::Explain(_)
                | Self::Match(_)
                | Self::MatchNames(_)
        )
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the main job on emulated CRMs: people mapped in three of them
    Demo(demo::DemoArgs),
    /// Serve the portal and the API
    Serve(serve::ServeArgs),
    /// Match the people of two CSV files, without any server
    Match(match_files::MatchArgs),
    /// Judge pairs of full names: can the two be one person's?
    MatchNames(match_names::MatchNamesArgs),
    /// Pull the users of connections and look at the proposals anew
    Sync(sync::SyncArgs),
    /// Decide about syncs that a brake held
    #[command(subcommand)]
    Run(run::RunCommand),
    /// Check connections, or one person's account there: exit 0 all well, 2 look, 1 broken
    Check(check::CheckArgs),
    /// Look at everything: this machine, the usual troubles, every connection
    Doctor(doctor::DoctorArgs),
    /// List, add and remove mappings
    #[command(subcommand)]
    Map(map::MapCommand),
    /// Undo a change set; the newest without a number
    Undo(undo::UndoArgs),
    /// Look at changes that wait for a second person, and decide about them
    #[command(subcommand)]
    Pending(pending::PendingCommand),
    /// Let a CRM user be somebody else from a day on, and leave the past as it was
    HandOver(hand_over::HandOverArgs),
    /// Say who is whom at an instant, past, present or future
    Resolve(resolve::ResolveArgs),
    /// Write all mappings: as a file for Git, as CSV or as JSON lines
    Export(export::ExportArgs),
    /// Say what a file of mappings would change: exit 0 nothing, 2 something, 1 it is wrong
    Plan(mapping_file::PlanArgs),
    /// Make a file of mappings true, in one change set
    Apply(mapping_file::ApplyArgs),
    /// Map by a CSV file of another product: one column names people, another CRM users
    ImportPairs(import_pairs::ImportPairsArgs),
    /// Add people from a file
    #[command(subcommand)]
    People(people::PeopleCommand),
    /// List, add and check connections
    #[command(subcommand)]
    Connection(connection::ConnectionCommand),
    /// List, test and begin connectors
    #[command(subcommand)]
    Connector(connector::ConnectorCommand),
    /// Stand in for a CRM, over real HTTP
    Emulate(emulate::EmulateArgs),
    /// Make and list organizations
    #[command(subcommand)]
    Organization(organization::OrganizationCommand),
    /// Make accounts for the portal
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Make tokens for the API
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Tell other programs what happens
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// Look after the database
    #[command(subcommand)]
    Db(database::DatabaseCommand),
    /// Say what causes an error code and what to do about it
    Explain(explain::ExplainArgs),
}
