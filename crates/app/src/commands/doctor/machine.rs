//! What only the machine itself can tell: its folder, its disk, its database, its key, its clock.

use std::path::{Path, PathBuf};

use counterpart_model::check::{Check, CheckResult};
use counterpart_model::{Code, Organization, Timestamp, time};
use counterpart_service::{Error, Service};

use crate::cli::Global;

/// How much room there should be for the database and the copy that precedes a migration.
const FEW_BYTES: u64 = 1 << 30;
/// With less than this, writing fails soon.
const NO_BYTES: u64 = 100 << 20;
/// By how many seconds the clock may have gone back: a leap, or a correction by NTP.
const SET_BACK_SECONDS: i64 = 60;

/// The data folder and its disk. It is not made here: that it is not there is worth knowing.
pub(super) fn folder(global: &Global) -> Vec<Check> {
    if global.database.is_some() {
        return Vec::new();
    }
    let folder = &global.data_dir;
    let title = "The data folder can be written";
    let shown = folder.display();
    if !folder.is_dir() {
        let evidence = format!("there is no folder {shown}");
        return vec![Check::new("data_folder", title, CheckResult::Fail, evidence)
            .remedy("Give the folder of `counterpart serve` by --data-dir or COUNTERPART_DATA_DIR. A new one is made by the first command that needs it.")];
    }
    let tried = tempfile::Builder::new()
        .prefix(".doctor-")
        .tempfile_in(folder);
    let written = match tried {
        Ok(_) => Check::new(
            "data_folder",
            title,
            CheckResult::Pass,
            format!("{shown} takes files"),
        ),
        Err(error) => Check::new(
            "data_folder",
            title,
            CheckResult::Fail,
            format!("{shown} takes no files: {error}"),
        )
        .code(Code::FileUnwritable),
    };
    [Some(written), disk(folder)]
        .into_iter()
        .flatten()
        .collect()
}

/// The free space of a folder's disk; nothing where the system does not tell.
#[cfg(unix)]
fn disk(folder: &Path) -> Option<Check> {
    let stat = rustix::fs::statvfs(folder).ok()?;
    Some(space(stat.f_bavail.saturating_mul(stat.f_frsize)))
}

#[cfg(not(unix))]
fn disk(_: &Path) -> Option<Check> {
    None
}

fn space(free: u64) -> Check {
    let evidence = if free >= FEW_BYTES {
        format!("{} GiB are free", free >> 30)
    } else {
        format!("{} MiB are free", free >> 20)
    };
    let result = match free {
        free if free < NO_BYTES => CheckResult::Fail,
        free if free < FEW_BYTES => CheckResult::Warn,
        _ => CheckResult::Pass,
    };
    let check = Check::new("disk", "There is room on the disk", result, evidence);
    match result {
        CheckResult::Pass => check,
        _ => check.remedy(
            "Free some space, or move the data folder: without room nothing is written any more, though nothing is lost.",
        ),
    }
}

/// Why the service does not start.
pub(super) fn no_service(error: &Error) -> Check {
    let (name, title) = match error.code() {
        Code::KeyMissing | Code::KeyWrong => ("master_key", MASTER_KEY),
        _ => ("database", DATABASE),
    };
    let check = Check::new(name, title, CheckResult::Fail, error.detail());
    if error.code() == Code::StoreInUse {
        // Usually no fault at all: the service runs.
        return check
            .remedy("A running server holds the folder, as it should. Ask it: counterpart doctor --url ADDRESS --token TOKEN.")
            .code(Code::StoreInUse);
    }
    check.code(error.code())
}

const DATABASE: &str = "The database answers";
const MASTER_KEY: &str = "The master key opens the organizations' keys";

/// The database that was opened, with its schema and its key.
pub(super) async fn database(global: &Global, service: &Service) -> Vec<Check> {
    let answers = if let Err(error) = service.ping().await {
        Check::new("database", DATABASE, CheckResult::Fail, error.detail()).code(error.code())
    } else {
        let kind = if global.database.is_some() {
            "PostgreSQL".to_owned()
        } else {
            format!("SQLite in {}", path(&global.data_dir).display())
        };
        let evidence = format!("{kind}; its schema is the one of this version");
        Check::new("database", DATABASE, CheckResult::Pass, evidence)
    };
    let key = match service.check_master_key().await {
        Ok(0) => Check::new(
            "master_key",
            MASTER_KEY,
            CheckResult::Pass,
            "it is there; nothing is sealed under it yet",
        ),
        Ok(opened) => {
            let noun = if opened == 1 {
                "organization"
            } else {
                "organizations"
            };
            let evidence = format!("it opened that of {opened} {noun}");
            Check::new("master_key", MASTER_KEY, CheckResult::Pass, evidence)
        }
        Err(error) => Check::new("master_key", MASTER_KEY, CheckResult::Fail, error.detail())
            .code(error.code()),
    };
    vec![answers, key]
}

/// The folder's whole path, where it can be told.
fn path(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}

/// Whether an organization's days can begin.
pub(super) fn time_zone(organization: &Organization) -> Check {
    let title = format!("The time zone of {} is known", organization.name);
    let zone = &organization.time_zone;
    match time::time_zone(zone) {
        Ok(_) => Check::new("time_zone", title, CheckResult::Pass, zone.as_str()),
        Err(error) => Check::new("time_zone", title, CheckResult::Fail, error.to_string())
            .remedy("Choose an IANA name such as Europe/Berlin in the organization's settings; a seat that is handed over changes hands at midnight there."),
    }
}

/// Whether the clock was set back behind what was written before.
pub(super) fn clock(now: Timestamp, newest: Timestamp) -> Check {
    let title = "The clock goes forward";
    let behind = newest.seconds_since(now);
    if behind > SET_BACK_SECONDS {
        let evidence =
            format!("it is {now}, and something was noted at {newest}, {behind} s later");
        return Check::new("clock", title, CheckResult::Fail, evidence)
            .remedy("Set this machine's clock, by NTP. Until it has caught up nothing is due, and who was who is told wrongly.");
    }
    let evidence = format!("it is {now}, after everything that was noted");
    Check::new("clock", title, CheckResult::Pass, evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_room_is_a_warning_and_none_a_failure() {
        for (free, result) in [
            (2 << 30, CheckResult::Pass),
            (500 << 20, CheckResult::Warn),
            (1 << 20, CheckResult::Fail),
        ] {
            assert_eq!(space(free).result, result, "{free}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_is_noticed() {
        let now = Timestamp::from_micros(1_000_000_000);
        assert_eq!(clock(now, now.plus_seconds(30)).result, CheckResult::Pass);
        assert_eq!(clock(now, now.plus_seconds(61)).result, CheckResult::Fail);
    }
}
