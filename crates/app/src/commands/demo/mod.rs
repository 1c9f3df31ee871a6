//! `counterpart demo`: the main job, shown on emulated CRMs.

mod cast;

use std::net::SocketAddr;
use std::path::Path;

use clap::Args;
use counterpart_model::{ChangeSetOrigin, Code, Connection, Role, Situation};
use counterpart_outbound::Network;
use counterpart_service::connections::ConnectionInput;
use counterpart_service::mapping::ConnectionCounts;
use counterpart_service::people::{ImportRow, PersonInput};
use counterpart_service::sync::SyncMode;
use counterpart_service::{Actor, Error, Result, Service};
use secrecy::SecretString;
use serde::Serialize;

use super::serve::Server;
use super::sync::{Bars, pull};
use crate::cli::Global;
use crate::clock::SystemEntropy;
use crate::output::{Ending, Output, table};
use crate::wiring;
use cast::{CRMS, Emulators};

/// How to show it.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Stop when everything is mapped, instead of serving
    #[arg(long)]
    once: bool,
    /// How many people the organization has
    #[arg(long, default_value_t = 60)]
    people: usize,
    /// From what they are made: the same seed makes the same people
    #[arg(long, default_value_t = 8)]
    seed: u64,
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8420")]
    listen: SocketAddr,
}

/// The folder of the demo, so that it never meets real data.
const FOLDER: &str = "counterpart-demo";
/// The file that marks a folder as the demo's.
const MARK: &str = "this-is-demo-data";
/// Who signs in.
const EMAIL: &str = "owner@northwind.example";

#[derive(Debug, Serialize)]
struct Report {
    people: u64,
    connections: Vec<ConnectionReport>,
}

#[derive(Debug, Serialize)]
struct ConnectionReport {
    name: String,
    provider: String,
    crm_users: u64,
    mapped: u64,
    proposed: u64,
    ambiguous: u64,
    unmapped: u64,
    ignored: u64,
}

impl From<&ConnectionCounts> for ConnectionReport {
    fn from(counts: &ConnectionCounts) -> Self {
        Self {
            name: counts.connection.name.clone(),
            provider: counts.connection.provider.clone(),
            crm_users: counts.crm_users.present,
            mapped: counts.in_situation(Situation::Mapped)
                + counts.in_situation(Situation::Drifted),
            proposed: counts.in_situation(Situation::Proposed),
            ambiguous: counts.in_situation(Situation::Ambiguous),
            unmapped: counts.in_situation(Situation::Unmapped),
            ignored: counts.in_situation(Situation::Ignored),
        }
    }
}

pub(crate) async fn run(global: &Global, args: &DemoArgs, output: Output) -> Result<Ending> {
    let mut global = global.clone();
    if global.data_dir == Path::new("counterpart-data") {
        global.data_dir = FOLDER.into();
    }
    if global.database.is_some() {
        return Err(Error::new(
            Code::Usage,
            "the demo uses a folder of its own; leave --database and COUNTERPART_DATABASE_URL out",
        ));
    }
    start_afresh(&global.data_dir)?;
    let server = if args.once {
        None
    } else {
        Some(Server::bind(args.listen, None).await?)
    };
    let loopback: Network = "127.0.0.0/8"
        .parse()
        .map_err(|error| Error::internal(format!("{error}")))?;
    let mut allow = global.allow.clone();
    allow.push(loopback);
    let service = wiring::service_allowing(&global, &allow).await?;

    let emulators = Emulators::start(args.seed, args.people).await?;
    let organization = service
        .create_organization("Northwind Support", "Europe/Berlin", true)
        .await?;
    let actor = service.operator(organization.id, ChangeSetOrigin::Demo);
    add_people(&service, &actor, args).await?;
    let connections = connect(&service, &actor, &emulators).await?;
    let bars = Bars::new(output);
    let pulls = connections
        .iter()
        .map(|connection| pull(&service, &actor, connection, SyncMode::Full, &bars));
    futures::future::try_join_all(pulls).await?;
    if output.is_watched() {
        output.note("mapping what is certain …");
    }
    match service.accept_certain(&actor, None).await {
        Ok(_) => {}
        Err(error) if error.code() == Code::ChangeSetEmpty => {}
        Err(error) => return Err(error),
    }
    let report = report(&service, &actor).await?;
    output.result(&report, described);
    let Some(server) = server else {
        emulators.shutdown().await;
        return Ok(Ending::Done);
    };
    let password = password();
    service
        .create_account(
            &actor,
            EMAIL,
            SecretString::from(password.clone()),
            Role::Owner,
        )
        .await?;
    output.line(invitation(
        server.address.as_str(),
        &password,
        &global.data_dir,
    ));
    server.serve(service, None).await?;
    emulators.shutdown().await;
    Ok(Ending::Done)
}

/// Empties the demo's folder. A folder that is not marked as the demo's is never touched.
fn start_afresh(folder: &Path) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::new(
            Code::FileUnwritable,
            format!(
                "cannot prepare the demo's folder {}: {error}",
                folder.display()
            ),
        )
    };
    if folder.exists() {
        let is_empty = std::fs::read_dir(folder).map_err(failed)?.next().is_none();
        if !is_empty && !folder.join(MARK).exists() {
            return Err(Error::new(
                Code::Usage,
                format!(
                    "{} holds something that is not the demo's; choose an empty folder with --data-dir",
                    folder.display()
                ),
            ));
        }
        std::fs::remove_dir_all(folder).map_err(failed)?;
    }
    std::fs::create_dir_all(folder).map_err(failed)?;
    std::fs::write(
        folder.join(MARK),
        "Everything in this folder is made up; it may be deleted.\n",
    )
    .map_err(failed)
}

/// A password for this demo alone.
fn password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let random = counterpart_model::entropy::bytes::<12>(&SystemEntropy);
    random
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
        .collect()
}

async fn add_people(service: &Service, actor: &Actor, args: &DemoArgs) -> Result<()> {
    let rows = counterpart_emulators::platform_directory(args.seed, args.people)
        .into_iter()
        .zip(1..)
        .map(|(person, line)| ImportRow {
            line,
            input: input_of(person),
        })
        .collect();
    let plan = service.plan_import(actor, rows).await?;
    let reason = Some("the demo's people".to_owned());
    service.apply_import(actor, &plan, reason).await?;
    Ok(())
}

fn input_of(person: counterpart_emulators::Person) -> PersonInput {
    PersonInput {
        external_id: person.external_id,
        display_name: person.display_name,
        given_name: person.given,
        family_name: person.family,
        emails: vec![person.email],
        username: person.username,
        extension: person.extension.unwrap_or_default(),
        phones: person.phone.into_iter().chain(person.mobile).collect(),
        employee_number: person.employee_number.unwrap_or_default(),
        title: person.title,
        department: person.department,
    }
}

async fn connect(
    service: &Service,
    actor: &Actor,
    emulators: &Emulators,
) -> Result<Vec<Connection>> {
    let mut connections = Vec::new();
    for (crm, emulator) in CRMS.iter().zip(emulators.all()) {
        let input = ConnectionInput {
            existing: None,
            provider: crm.provider.to_owned(),
            name: crm.name.to_owned(),
            environment: Some(crm.environment),
            settings: emulator.settings(),
            credentials: emulator
                .credentials()
                .into_iter()
                .map(|(name, value)| (name, value.into()))
                .collect(),
            untested: false,
        };
        connections.push(service.save_connection(actor, input).await?);
    }
    Ok(connections)
}

async fn report(service: &Service, actor: &Actor) -> Result<Report> {
    let overview = service.overview(actor, None).await?;
    Ok(Report {
        people: overview.people.active,
        connections: overview
            .connections
            .iter()
            .map(ConnectionReport::from)
            .collect(),
    })
}

fn described(report: &Report) -> String {
    let rows: Vec<Vec<String>> = report
        .connections
        .iter()
        .map(|it| {
            let counts = [
                it.crm_users,
                it.mapped,
                it.proposed,
                it.ambiguous,
                it.unmapped,
                it.ignored,
            ];
            let mut row = vec![it.name.clone()];
            row.extend(counts.iter().map(u64::to_string));
            row
        })
        .collect();
    let head = [
        "",
        "CRM USERS",
        "MAPPED",
        "PROPOSED",
        "AMBIGUOUS",
        "UNMAPPED",
        "IGNORED",
    ];
    format!("{} people\n{}", report.people, table(&head, &rows))
}

fn invitation(address: &str, password: &str, folder: &Path) -> String {
    format!(
        "
Open      {address}
Sign in   {EMAIL}
Password  {password}

Try first:
  1. Mapping → Needs you: press Why on a proposal, then Accept it.
  2. Mapping: choose between the people that fit where several do.
  3. Review and save: all your edits become one change set.
  4. Connections → Salesforce → Resync users.

Everything is made up and lives in the folder `{}` until the next demo. Ctrl-C ends it.",
        folder.display()
    )
}
