//! `cargo xtask directory`: two directories of the same people, with the pairs known.
//!
//! One file is what a phone platform knows of its people, the other what a CRM knows of its users.
//! Most people are in both, written down twice by different hands; some are in one only. What was
//! done to each pair stands beside it as tags ([`tags::Tag`]). The names are those of nineteen
//! cultures, with the frequencies of real names and a long tail of rare ones; none belongs to
//! anybody.
//!
//! The same arguments give the same bytes on every machine.

mod addresses;
mod company;
mod human;
mod letters;
mod main_set;
mod name_pairs;
mod names;
mod namesakes;
mod pools;
mod random;
mod roles;
mod rows;
mod shares;
mod table;
mod tags;
mod written;

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::Args;

use self::{random::Random, rows::User, table::Table, tags::Tags};
use crate::Error;

/// What to generate, and where to put it.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Rows of each of the two files
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1000,
        conflicts_with = "namesakes",
        value_parser = clap::value_parser!(u32).range(20..=4_000_000)
    )]
    people: u32,
    /// Instead: so many groups of near namesakes, each in one company
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    namesakes: Option<u32>,
    /// Instead: so many pairs of full names alone, of one human or near misses, in pairs.csv
    #[arg(
        long,
        value_name = "N",
        conflicts_with_all = ["people", "namesakes"],
        value_parser = clap::value_parser!(u32).range(1..=4_000_000)
    )]
    name_pairs: Option<u32>,
    /// Names the set; the same seed gives the same bytes
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Folder for people.csv, users.csv, truth.csv and distractors.csv; made when it is missing
    #[arg(long, value_name = "DIR", required_unless_present = "tags")]
    out: Option<PathBuf>,
    /// Only print the tags of truth.csv and what they mean
    #[arg(long)]
    tags: bool,
}

/// Does what the arguments say and prints what came of it.
pub(crate) fn run(arguments: &Arguments, output: &mut impl Write) -> Result<(), Error> {
    let Some(folder) = arguments.out.as_ref().filter(|_| !arguments.tags) else {
        for tag in tags::Tag::ALL {
            writeln!(output, "{:<18} {}", tag.name(), tag.meaning())?;
        }
        return Ok(());
    };
    if let Some(count) = arguments.name_pairs {
        let pairs = name_pairs::generate(count as usize, arguments.seed);
        write_tables(folder, &[("pairs.csv", &pairs)])?;
        let count = pairs.len();
        writeln!(output, "{count} pairs in {}", folder.display())?;
        return Ok(());
    }
    let directory = match arguments.namesakes {
        Some(groups) => namesakes::generate(groups as usize, arguments.seed),
        None => main_set::generate(arguments.people as usize, arguments.seed),
    };
    directory.write(folder)?;
    writeln!(
        output,
        "{} people, {} users, {} pairs in {}",
        directory.people.len(),
        directory.users.len(),
        directory.truth.len(),
        folder.display()
    )?;
    Ok(())
}

/// Which file a record is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Platform,
    Crm,
}

/// Two files, the pairs between them, and why the others have none.
#[derive(Debug)]
struct Directory {
    people: Table,
    users: Table,
    truth: Table,
    distractors: Table,
}

impl Directory {
    fn new() -> Self {
        Self {
            people: Table::new(rows::PEOPLE),
            users: Table::new(rows::USERS),
            truth: Table::new(rows::TRUTH),
            distractors: Table::new(rows::DISTRACTORS),
        }
    }

    fn add_pair(&mut self, person_id: &str, user_id: &str, tags: Tags) {
        self.truth.push(&[person_id, user_id, &tags.to_string()]);
    }

    fn add_distractor(&mut self, side: Side, id: &str, reason: &str, resembles: &str) {
        let side = match side {
            Side::Platform => "platform",
            Side::Crm => "crm",
        };
        self.distractors.push(&[side, id, reason, resembles]);
    }

    /// Adds a user who is nobody's counterpart.
    fn add_lone_user(&mut self, user: &User, reason: &str, resembles: &str) {
        let id = user.push_to(&mut self.users);
        self.add_distractor(Side::Crm, &id, reason, resembles);
    }

    fn shuffle(&mut self, random: &mut Random) {
        self.people.shuffle(random);
        self.users.shuffle(random);
        self.truth.shuffle(random);
    }

    fn write(&self, folder: &Path) -> Result<(), Error> {
        let tables = [
            ("people.csv", &self.people),
            ("users.csv", &self.users),
            ("truth.csv", &self.truth),
            ("distractors.csv", &self.distractors),
        ];
        write_tables(folder, &tables)
    }
}

/// Writes files into a folder, which is made when it is missing.
fn write_tables(folder: &Path, tables: &[(&str, &Table)]) -> Result<(), Error> {
    let failed = |path: &Path, source: io::Error| Error::WriteFile {
        path: path.display().to_string(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    for (name, table) in tables {
        let path = folder.join(name);
        let write = || -> io::Result<()> {
            let mut file = BufWriter::new(File::create(&path)?);
            table.write(&mut file)?;
            file.flush()
        };
        write().map_err(|source| failed(&path, source))?;
    }
    Ok(())
}
